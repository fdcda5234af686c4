/* lzf: makes text shorter by what it repeats, in the format of liblzf.
 *
 *   000lllll                         l + 1 bytes follow as they are
 *   lllooooo oooooooo                repeat l + 2 bytes, from o + 1 bytes back
 *   111ooooo llllllll oooooooo       repeat l + 9 bytes
 *
 * What is repeated may reach into what it writes: 0 back, 100 bytes, is a row
 * of one letter. Both directions are O(n). The format does not say how long the
 * original is: keep that beside the bytes. */
#ifndef COMMON_LZF_H
#define COMMON_LZF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* No byte of the short form gives more bytes than this. */
enum { LZF_RATIO_MAX = 88 };

/* Writes the short form, at most `room` bytes. Returns its length, or 0 if it
 * has no room, or if the original is longer than 2 GB. */
size_t lzf_compress(const uint8_t *in, size_t len, uint8_t *out, size_t room);

/* Writes the original. Returns false if the short form is invalid or does not
 * give exactly `size` bytes. */
bool lzf_decompress(const uint8_t *in, size_t len, uint8_t *out, size_t size);

#endif
