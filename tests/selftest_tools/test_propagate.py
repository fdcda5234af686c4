"""propagate on a made-up chain of three stages."""

from __future__ import annotations

from made_up_chain import Chain

LOOP = "net/loop.c"


def propagate(chain: Chain, *arguments: str, start: str = "00") -> tuple[int, str]:
    done = chain.tool("propagate.py", "--from", start, *arguments)
    return done.returncode, done.stdout + done.stderr


def contents(chain: Chain) -> dict[str, str]:
    files = sorted(chain.path("").rglob("*.c"))
    return {str(path.relative_to(chain.root)): path.read_text() for path in files}


def test_a_fix_reaches_every_later_stage(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    assert propagate(chain)[0] == 0
    for stage in ("01-one", "02-two"):
        assert "line three" in chain.lines(f"{stage}/{LOOP}")
        assert "line 3" not in chain.lines(f"{stage}/{LOOP}")
    assert chain.lines(f"02-two/{LOOP}")[-2:] == ["added by one", "added by two"]


def test_a_fix_in_the_middle_leaves_earlier_stages_alone(chain: Chain) -> None:
    chain.change(f"01-one/{LOOP}", "line 3", "line three")
    assert propagate(chain, start="1")[0] == 0
    assert "line 3" in chain.lines(f"00-zero/{LOOP}")
    assert "line three" in chain.lines(f"02-two/{LOOP}")


def test_a_limit_is_kept(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    assert propagate(chain, "--to", "01-one")[0] == 0
    assert "line three" in chain.lines(f"01-one/{LOOP}")
    assert "line 3" in chain.lines(f"02-two/{LOOP}")


def test_work_of_later_stages_that_is_not_committed_survives(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    chain.change(f"02-two/{LOOP}", "line 9", "line nine")
    assert propagate(chain)[0] == 0
    assert "line three" in chain.lines(f"02-two/{LOOP}")
    assert "line nine" in chain.lines(f"02-two/{LOOP}")


def test_nothing_to_do(chain: Chain) -> None:
    before = contents(chain)
    status, text = propagate(chain)
    assert status == 0
    assert text.count("nothing to do") == 2
    assert contents(chain) == before


def test_called_twice_it_does_nothing_more(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    propagate(chain)
    # Beside the merged line, where a second merge would conflict.
    chain.change(f"01-one/{LOOP}", "line three", "line three of one")
    chain.git("add", "-A")
    before = contents(chain)
    status, text = propagate(chain, "--to", "01")
    assert status == 0, text
    assert contents(chain) == before


def test_a_second_fix_on_top_of_the_first_before_any_commit(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    propagate(chain)
    chain.change(f"00-zero/{LOOP}", "line three", "line drei")
    status, text = propagate(chain)
    assert status == 0, text
    for stage in ("01-one", "02-two"):
        assert "line drei" in chain.lines(f"{stage}/{LOOP}")


def test_committing_between_two_fixes_changes_nothing(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    propagate(chain)
    chain.commit()
    chain.change(f"00-zero/{LOOP}", "line 4", "line four")
    status, text = propagate(chain)
    assert status == 0, text
    assert {"line three", "line four"} <= set(chain.lines(f"02-two/{LOOP}"))


def test_a_later_fix_that_was_committed_first_is_still_brought(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    propagate(chain)
    chain.change(f"00-zero/{LOOP}", "line 4", "line four")
    chain.commit()
    assert propagate(chain)[0] == 0
    assert "line four" in chain.lines(f"02-two/{LOOP}")


def test_a_merge_that_was_undone_is_made_again(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    propagate(chain)
    chain.git("checkout", "-q", "--", "stages/01-one", "stages/02-two")
    assert propagate(chain)[0] == 0
    assert "line three" in chain.lines(f"01-one/{LOOP}")
    assert "line three" in chain.lines(f"02-two/{LOOP}")


def test_added_files_are_copied(chain: Chain) -> None:
    chain.write("00-zero/net/new.c", "new")
    chain.path("00-zero/net/new.c").chmod(0o755)
    status, text = propagate(chain)
    assert status == 0
    assert text.count("added") == 2
    assert chain.lines("02-two/net/new.c") == ["new"]
    assert chain.path("02-two/net/new.c").stat().st_mode & 0o777 == 0o755


def test_an_added_file_stays_deleted_where_it_was_deleted_since(chain: Chain) -> None:
    chain.write("00-zero/net/new.c", "new")
    propagate(chain)
    chain.commit()
    chain.path("02-two/net/new.c").unlink()
    chain.change("00-zero/net/new.c", "new", "newer")
    status, text = propagate(chain)
    assert status == 0
    assert "has no such file" in text
    assert chain.lines("01-one/net/new.c") == ["newer"]
    assert not chain.path("02-two/net/new.c").exists()


def test_deleted_files_are_deleted(chain: Chain) -> None:
    for stage in ("00-zero", "01-one", "02-two"):
        chain.write(f"{stage}/old.c", "old")
    chain.commit()
    chain.path("00-zero/old.c").unlink()
    status, text = propagate(chain)
    assert status == 0, text
    assert not chain.path("01-one/old.c").exists()
    assert not chain.path("02-two/old.c").exists()


def test_deleting_what_a_later_stage_changes_is_a_conflict(chain: Chain) -> None:
    chain.path(f"00-zero/{LOOP}").unlink()
    status, text = propagate(chain)
    assert status == 1
    assert "deleted in 00-zero" in text
    # Left as it is: that is an answer too.
    status, text = propagate(chain)
    assert status == 0, text
    assert chain.path(f"01-one/{LOOP}").exists()


def test_ignored_files_are_not_carried(chain: Chain) -> None:
    (chain.root / ".gitignore").write_text("*.o\n")
    chain.write("00-zero/net/loop.o", "object")
    assert propagate(chain)[0] == 0
    assert not chain.path("01-one/net/loop.o").exists()


def conflicting(chain: Chain) -> None:
    """The fix meets a line that 01 has changed for itself."""
    chain.change(f"01-one/{LOOP}", "line 3", "line 3 of one")
    chain.commit()
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")


def test_a_conflict_stops_with_markers_and_says_what_to_do(chain: Chain) -> None:
    conflicting(chain)
    status, text = propagate(chain)
    assert status == 1
    assert "conflict stages/01-one/net/loop.c (1 place to solve)" in text
    assert "make STAGE=01" in text
    assert "<<<<<<< 01-one" in chain.lines(f"01-one/{LOOP}")
    assert "line 3" in chain.lines(f"02-two/{LOOP}"), "the next stage must wait"


def test_it_waits_until_the_conflict_is_solved(chain: Chain) -> None:
    conflicting(chain)
    propagate(chain)
    before = contents(chain)
    status, text = propagate(chain)
    assert status == 1
    assert "not solved yet" in text
    assert contents(chain) == before


def solve(chain: Chain, answer: str) -> None:
    text = chain.path(f"01-one/{LOOP}").read_text()
    head, rest = text.split("<<<<<<< 01-one\n")
    tail = rest.split(">>>>>>> 00-zero\n")[1]
    chain.path(f"01-one/{LOOP}").write_text(f"{head}{answer}\n{tail}")


def test_it_goes_on_behind_a_solved_conflict(chain: Chain) -> None:
    conflicting(chain)
    propagate(chain)
    solve(chain, "line three of one")
    status, text = propagate(chain)
    assert status == 0, text
    assert "line three of one" in chain.lines(f"01-one/{LOOP}")
    assert "line three of one" in chain.lines(f"02-two/{LOOP}")


def test_a_conflict_may_be_solved_by_keeping_the_later_side(chain: Chain) -> None:
    conflicting(chain)
    propagate(chain)
    solve(chain, "line 3 of one")
    status, text = propagate(chain)
    assert status == 0, text
    assert "leaving it as it was" in text
    assert "line 3 of one" in chain.lines(f"01-one/{LOOP}")
    assert propagate(chain)[1].count("nothing to do") == 2


def test_other_files_of_a_conflicting_step_are_merged(chain: Chain) -> None:
    conflicting(chain)
    chain.write("00-zero/z.c", "new")
    assert propagate(chain)[0] == 1
    assert chain.lines("01-one/z.c") == ["new"]
    assert not chain.path("02-two/z.c").exists()
    solve(chain, "line 3 of one")
    propagate(chain)
    assert chain.lines("02-two/z.c") == ["new"]


def test_markers_in_the_earlier_stage_are_not_spread(chain: Chain) -> None:
    conflicting(chain)
    propagate(chain)
    status, text = propagate(chain, start="01")
    assert status == 1
    assert "has conflict markers" in text
    assert not any("<<<" in line for line in chain.lines(f"02-two/{LOOP}"))


def test_a_fix_that_was_committed_alone_is_brought(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    chain.commit()
    chain.change(f"00-zero/{LOOP}", "line 4", "line four")
    chain.commit()
    assert propagate(chain)[0] == 0
    for stage in ("01-one", "02-two"):
        assert {"line three", "line four"} <= set(chain.lines(f"{stage}/{LOOP}"))


def test_what_was_committed_together_is_in_step(chain: Chain) -> None:
    for stage in ("00-zero", "01-one", "02-two"):
        chain.change(f"{stage}/{LOOP}", "line 3", f"line three of {stage}")
    chain.commit()
    before = contents(chain)
    status, text = propagate(chain)
    assert status == 0
    assert text.count("nothing to do") == 2
    assert contents(chain) == before


def test_a_fix_that_was_committed_with_other_work_needs_a_base(chain: Chain) -> None:
    base = chain.git("rev-parse", "HEAD")
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    chain.change(f"01-one/{LOOP}", "added by one", "written by one")
    chain.commit()
    propagate(chain, "--to", "01")
    assert "line 3" in chain.lines(f"01-one/{LOOP}")
    assert propagate(chain, "--to", "01", "--base", base)[0] == 0
    assert "line three" in chain.lines(f"01-one/{LOOP}")


def test_with_a_base_it_is_not_merged_twice(chain: Chain) -> None:
    base = chain.git("rev-parse", "HEAD")
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    chain.commit()
    propagate(chain, "--base", base)
    chain.change(f"01-one/{LOOP}", "line three", "line three of one")
    before = contents(chain)
    assert propagate(chain, "--base", base, "--to", "01")[0] == 0
    assert contents(chain) == before


def test_a_committed_file_that_never_went_on_is_told_of(chain: Chain) -> None:
    chain.write("00-zero/net/new.c", "new")
    chain.commit()
    assert "stages/00-zero/net/new.c was never brought to 01-one" in propagate(chain)[1]


def test_forgetting(chain: Chain) -> None:
    chain.change(f"00-zero/{LOOP}", "line 3", "line three")
    propagate(chain)
    assert (chain.root / ".git/propagate.json").exists()
    propagate(chain, "--forget", "--to", "01")
    assert "02-two" not in (chain.root / ".git/propagate.json").read_text()


def test_stages_that_do_not_exist(chain: Chain) -> None:
    status, text = propagate(chain, start="07")
    assert status == 1
    assert "there is no stage 07" in text
    status, text = propagate(chain, start="02")
    assert status == 1
    assert "no stage after 02-two" in text


def test_what_has_one_copy_is_not_carried(chain: Chain) -> None:
    chain.write("more/00-zero/net/extra.c", "int extra;")
    for named in ("more", "more/00-zero", "stages/more/00-zero", "common", "stages/core.c"):
        status, text = propagate(chain, start=named)
        assert status == 1
        assert f"error: {named} has one copy, which every stage is built with" in text
    assert propagate(chain)[0] == 0  # more/ is no stage
    assert not chain.path("more/01-one").exists()
    assert "more" not in propagate(chain)[1]
