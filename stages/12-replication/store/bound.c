#include "store/bound.h"

struct bound bound_of(double score, struct slice member)
{
    return (struct bound){
        .by_score = true, .by_member = true, .score = score, .member = member};
}

bool bound_is_after(const struct bound *b, double score, struct slice member)
{
    if (b->by_score && score != b->score)
        return score < b->score;
    int order = b->by_member ? slice_compare(member, b->member) : 0;
    return order < 0 || (order == 0 && b->after_equal);
}
