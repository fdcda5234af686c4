/* The arguments of XADD before the fields. */
struct stream_args {
    int id_at; /* index of the ID */
    enum id_form form;
    struct stream_id id;
};
