struct zset_range {
    enum range_by by;
    bool is_reverse; /* from the last element to the first */
    bool with_scores;
    int64_t start, stop; /* by rank; from the end if negative */
    struct bound min, max; /* by score or lex */
};
