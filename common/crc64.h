/* crc64: the checksum at the end of a snapshot, with the polynomial of Jones.
 *
 * It finds damage, such as a bit that a disk has lost; it is no defence against
 * a file that was changed on purpose. */
#ifndef COMMON_CRC64_H
#define COMMON_CRC64_H

#include <stddef.h>
#include <stdint.h>

/* Returns the checksum of all bytes so far: `crc` is that of those before, 0 at
 * the start. */
uint64_t crc64(uint64_t crc, const void *bytes, size_t len);

#endif
