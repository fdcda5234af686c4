"""The kqueue that stands in on Linux keeps the promises that an event loop builds on."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SHIM = Path(__file__).resolve().parents[1] / "kqueue"

PROGRAM = r"""
#undef NDEBUG
#include <assert.h>
#include <errno.h>
#include <sys/event.h>
#include <sys/socket.h>
#include <unistd.h>

static int queue;
static struct kevent got[8];

static int change(int fd, int filter, int flags)
{
    struct kevent event;
    EV_SET(&event, fd, filter, flags, 0, 0, &queue);
    return kevent(queue, &event, 1, NULL, 0, NULL);
}

/* How many events there are now. */
static int poll_now(int max)
{
    struct timespec none = {0, 0};
    return kevent(queue, NULL, 0, got, max, &none);
}

int main(void)
{
    int pair[2];
    queue = kqueue();
    assert(queue >= 0);
    assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);

    /* Only what was asked for comes, and as long as it is so. */
    assert(change(pair[0], EVFILT_READ, EV_ADD) == 0);
    assert(poll_now(8) == 0);
    assert(write(pair[1], "hello", 5) == 5);
    for (int i = 0; i < 2; i++) {
        assert(poll_now(8) == 1);
        assert(got[0].ident == (uintptr_t)pair[0]);
        assert(got[0].filter == EVFILT_READ && got[0].data == 5);
        assert(got[0].udata == &queue && !(got[0].flags & EV_EOF));
    }

    /* Two filters are two events, and one when there is room for one. */
    assert(change(pair[0], EVFILT_WRITE, EV_ADD) == 0);
    assert(poll_now(8) == 2 && got[1].filter == EVFILT_WRITE);
    assert(poll_now(1) == 1);

    /* Disabled filters are silent and come back; deleted ones are gone. */
    assert(change(pair[0], EVFILT_READ, EV_DISABLE) == 0);
    assert(poll_now(8) == 1 && got[0].filter == EVFILT_WRITE);
    assert(change(pair[0], EVFILT_READ, EV_ENABLE) == 0);
    assert(poll_now(8) == 2);
    assert(change(pair[0], EVFILT_WRITE, EV_DELETE) == 0);
    assert(poll_now(8) == 1 && got[0].filter == EVFILT_READ);

    /* What cannot be done is said. */
    errno = 0;
    assert(change(pair[0], EVFILT_WRITE, EV_DELETE) == -1 && errno == ENOENT);
    errno = 0;
    assert(change(pair[0], -7, EV_ADD) == -1 && errno == EINVAL);
    errno = 0;
    assert(change(999, EVFILT_READ, EV_ADD) == -1 && errno == EBADF);

    /* The other side leaves. */
    close(pair[1]);
    assert(poll_now(8) == 1 && (got[0].flags & EV_EOF));

    /* Closing forgets the filters: the number may come back for another. */
    assert(change(pair[0], EVFILT_WRITE, EV_ADD) == 0);
    int fd = pair[0];
    close(fd);
    assert(poll_now(8) == 0);
    assert(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0 && pair[0] == fd);
    assert(poll_now(8) == 0);
    assert(change(fd, EVFILT_READ, EV_ADD) == 0);
    assert(poll_now(8) == 0); /* no trace of the old EVFILT_WRITE */
    assert(write(pair[1], "x", 1) == 1);
    assert(poll_now(8) == 1 && got[0].filter == EVFILT_READ);

    /* A wait is never shorter than asked for. */
    assert(change(fd, EVFILT_READ, EV_DELETE) == 0);
    struct timespec before, after, wait = {0, 30500000};
    clock_gettime(CLOCK_MONOTONIC, &before);
    assert(kevent(queue, NULL, 0, got, 8, &wait) == 0);
    clock_gettime(CLOCK_MONOTONIC, &after);
    long us = (after.tv_sec - before.tv_sec) * 1000000 + (after.tv_nsec - before.tv_nsec) / 1000;
    assert(us >= 30500 && us < 2000000);
    return 0;
}
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the shim stands on Linux's epoll")
def test_the_shim_does_what_kqueue_promises(tmp_path: Path) -> None:
    compiler = shutil.which("cc")
    assert compiler, "a C compiler is needed"
    source = tmp_path / "program.c"
    source.write_text(PROGRAM)
    program = tmp_path / "program"
    flags = ["-std=c11", "-D_GNU_SOURCE", "-g", f"-I{SHIM}"]
    sources = [str(source), str(SHIM / "kqueue_shim.c")]
    subprocess.run([compiler, *flags, *sources, "-o", str(program)], check=True)
    done = subprocess.run([str(program)], capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
