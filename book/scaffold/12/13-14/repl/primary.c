void primary_append_effect(int db, int argc, const struct slice *argv)
{
    (void)db;
    append(argc, argv);
}
