struct stream {
    struct stream_node *last; /* the only one; NULL: there is none */
    uint64_t length; /* entries that are not deleted */
    struct stream_id first_id; /* of the first of them; 0-0: there is none */
    struct stream_id last_id; /* the largest ever added */
    struct stream_id max_deleted_id; /* the largest that a client deleted */
    uint64_t entries_added; /* since the stream was created */
};
