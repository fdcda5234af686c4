enum resp_status resp_read(struct resp_reader *r, struct buffer *input)
{
    enum resp_status status = RESP_COMMAND;
    r->argc = 0;
    while (status == RESP_COMMAND && r->argc == 0) {
        status =
            input->len == r->position ? RESP_INCOMPLETE : read_inline(r, input);
    }
    return status;
}
