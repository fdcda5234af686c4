/* Takes a command apart. Returns where it ends, and believes every byte. */
static char *split(char *at, int *argc, struct slice *argv)
{
    *argc = (int)strtol(at + 1, &at, 10); /* *2 */
    for (int i = 0; i < *argc; i++) {
        argv[i].len = strtoul(at + 3, &at, 10); /* \r\n$4 */
        argv[i].ptr = at + 2; /* \r\n */
        at += 2 + argv[i].len;
    }
    return at + 2;
}
