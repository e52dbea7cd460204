"""Runs regular expressions as automata: all ways at once, one character after the other.

Source: the two simulations of Thompson and Pike, as R. Cox describes them.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from partybuild_flow.feel.pattern_syntax import (
    Anchor,
    Back,
    Either,
    Group,
    One,
    Part,
    PatternRefused,
    Repeated,
    Sequence,
    Test,
)

LARGEST_PROGRAM: Final = 2_000
"""A pattern that needs more instructions is refused."""
MOST_WORK: Final = 200_000
"""Characters times instructions, beyond which a text is not searched."""
MOST_REMEMBERED: Final = 1_000
"""Transitions that a program remembers for the texts to come."""


class Instruction(NamedTuple):
    """`one` takes a character, `back` what the group `to` took; `fork` goes on at `to` and with less right at
    `other`; `save` notes the place as `to`; `begin` and `end` are anchors; `found` is the goal."""

    kind: Literal["one", "fork", "jump", "save", "begin", "end", "back", "found"]
    test: Test | None = None
    to: int = 0
    other: int = 0


Places = tuple[int, ...]
States = tuple[int, ...]


class _Compiler:
    """Makes the instructions of one pattern."""

    def __init__(self, *, fold: bool) -> None:
        self.instructions: list[Instruction] = []
        self.groups = 0
        self._fold = fold
        self._visited = 0

    def add(self, instruction: Instruction) -> int:
        """Add an instruction; gives its number."""
        if len(self.instructions) >= LARGEST_PROGRAM:
            raise PatternRefused("it repeats too much", "重复次数过多")
        self.instructions.append(instruction)
        return len(self.instructions) - 1

    def part(self, part: Part) -> None:
        """Add the instructions of a part."""
        self._visited += 1
        if self._visited > 4 * LARGEST_PROGRAM:
            raise PatternRefused("it repeats too much", "重复次数过多")
        match part:
            case One(test=test):
                self.add(Instruction("one", _folded(test) if self._fold else test))
            case Anchor(sign=sign):
                self.add(Instruction("begin" if sign == "^" else "end"))
            case Sequence(parts=parts):
                for each in parts:
                    self.part(each)
            case Either(parts=parts):
                self._either(parts)
            case Group(number=number, part=inner):
                self.groups = max(self.groups, number)
                self.add(Instruction("save", to=2 * number))
                self.part(inner)
                self.add(Instruction("save", to=2 * number + 1))
            case Back(number=number):
                self.add(Instruction("back", to=number))
            case Repeated():
                self._repeated(part)

    def _either(self, parts: tuple[Part, ...]) -> None:
        jumps: list[int] = []
        for each in parts[:-1]:
            fork = self.add(Instruction("fork"))
            self.part(each)
            jumps.append(self.add(Instruction("jump")))
            self.instructions[fork] = Instruction("fork", to=fork + 1, other=len(self.instructions))
        self.part(parts[-1])
        for jump in jumps:
            self.instructions[jump] = Instruction("jump", to=len(self.instructions))

    def _repeated(self, part: Repeated) -> None:
        for _ in range(part.least):
            self.part(part.part)
        if part.most is None:
            fork = self.add(Instruction("fork"))
            self.part(part.part)
            self.add(Instruction("jump", to=fork))
            self._set_fork(fork, greedy=part.greedy)
            return
        forks: list[int] = []
        for _ in range(part.most - part.least):
            forks.append(self.add(Instruction("fork")))
            self.part(part.part)
        for fork in forks:
            self._set_fork(fork, greedy=part.greedy)

    def _set_fork(self, fork: int, *, greedy: bool) -> None:
        """A fork into what follows it, or past all that there is by now."""
        inside, past = fork + 1, len(self.instructions)
        self.instructions[fork] = (
            Instruction("fork", to=inside, other=past)
            if greedy
            else Instruction("fork", to=past, other=inside)
        )


def _folded(test: Test) -> Test:
    return lambda character: (
        test(character)
        or any(test(each) for each in character.lower())
        or any(test(each) for each in character.upper())
    )


def compile_pattern(part: Part, flags: str) -> Program:
    """The automaton of a pattern.

    Raises:
        PatternRefused: it would be too large.
    """
    compiler = _Compiler(fold="i" in flags)
    compiler.part(part)
    compiler.add(Instruction("found"))
    instructions = tuple(compiler.instructions)
    if any(each.kind == "back" for each in instructions):
        return Retracing(instructions, compiler.groups, multi_line="m" in flags, fold="i" in flags)
    return Program(instructions, compiler.groups, multi_line="m" in flags)


class Program:
    """A pattern, ready to be looked for."""

    def __init__(self, instructions: tuple[Instruction, ...], groups: int, *, multi_line: bool) -> None:
        self._instructions = instructions
        self._groups = groups
        self._multi_line = multi_line
        self._closed: dict[tuple[States, bool, bool], States] = {}
        self._stepped: dict[tuple[States, str], States] = {}

    def work(self, characters: int) -> int:
        """What it costs to go over so many characters; more than MOST_WORK is not done."""
        return characters * len(self._instructions)

    def _stands(self, text: str, at: int) -> tuple[bool, bool]:
        """Whether `^` and whether `$` holds at a place."""
        begins = at == 0 or (self._multi_line and text[at - 1] == "\n")
        ends = at == len(text) or (self._multi_line and text[at] == "\n")
        return begins, ends

    def is_found(self, text: str) -> bool:
        """Whether there is a match anywhere; remembers the steps it has taken for the next text."""
        found = len(self._instructions) - 1
        states: States = ()
        for at in range(len(text) + 1):
            states = self._closure((*states, 0), *self._stands(text, at))
            if found in states:
                return True
            if at < len(text):
                states = self._step(states, text[at])
        return False

    def _closure(self, states: States, begins: bool, ends: bool) -> States:
        """All states that can be reached without a character."""
        key = (states, begins, ends)
        closed = self._closed.get(key)
        if closed is None:
            reached: set[int] = set()
            self._reach(states, {"begin": begins, "end": ends}, reached)
            closed = tuple(
                sorted(state for state in reached if self._instructions[state].kind in ("one", "found"))
            )
            if len(self._closed) >= MOST_REMEMBERED:
                self._closed.clear()
            self._closed[key] = closed
        return closed

    def _reach(self, states: States, holds: dict[str, bool], reached: set[int]) -> None:
        waiting = list(states)
        while waiting:
            state = waiting.pop()
            if state in reached:
                continue
            reached.add(state)
            instruction = self._instructions[state]
            if instruction.kind == "fork":
                waiting += (instruction.other, instruction.to)
            elif instruction.kind == "jump":
                waiting.append(instruction.to)
            elif instruction.kind == "save" or holds.get(instruction.kind, False):
                waiting.append(state + 1)

    def _step(self, states: States, character: str) -> States:
        """The states behind a character."""
        key = (states, character)
        after = self._stepped.get(key)
        if after is None:
            after = tuple(
                state + 1
                for state in states
                if (test := self._instructions[state].test) is not None and test(character)
            )
            if len(self._stepped) >= MOST_REMEMBERED:
                self._stepped.clear()
            self._stepped[key] = after
        return after

    def search(self, text: str, start: int) -> tuple[Places | None, int]:
        """The bounds of the first match from a place on and of its groups, and how far it was looked for.

        A group that took no part is at -1.
        """
        nowhere = (-1,) * (2 * self._groups + 2)
        threads: list[tuple[int, Places]] = []
        best: Places | None = None
        at = start
        for at in range(start, len(text) + 1):
            seen: set[int] = set()
            ready: list[tuple[int, Places]] = []
            holds = dict(zip(("begin", "end"), self._stands(text, at), strict=True))
            for state, places in threads:
                self._follow(state, places, at, holds, seen, ready)
            if best is None:
                self._follow(0, (at, *nowhere[1:]), at, holds, seen, ready)
            if not ready and best is not None:
                break
            threads = []
            for state, places in ready:
                instruction = self._instructions[state]
                if instruction.kind == "found":
                    best = (places[0], at, *places[2:])
                    break
                if at < len(text) and instruction.test is not None and instruction.test(text[at]):
                    threads.append((state + 1, places))
        return best, at

    def _follow(
        self,
        state: int,
        places: Places,
        at: int,
        holds: dict[str, bool],
        seen: set[int],
        ready: list[tuple[int, Places]],
    ) -> None:
        """Add the states that can be reached without a character, the better ones first."""
        waiting = [(state, places)]
        while waiting:
            current, noted = waiting.pop()
            if current in seen:
                continue
            seen.add(current)
            instruction = self._instructions[current]
            if instruction.kind in ("one", "found"):
                ready.append((current, noted))
            elif instruction.kind == "fork":
                waiting += ((instruction.other, noted), (instruction.to, noted))
            elif instruction.kind == "jump":
                waiting.append((instruction.to, noted))
            elif instruction.kind == "save":
                slot = instruction.to
                waiting.append((current + 1, (*noted[:slot], at, *noted[slot + 1 :])))
            elif holds[instruction.kind]:
                waiting.append((current + 1, noted))


class Exploded(Exception):
    """A pattern that refers back took too many ways; there is no telling whether it matches."""


class Retracing(Program):
    """A pattern that refers back to its groups: one way after the other, and not too many of them."""

    def __init__(
        self, instructions: tuple[Instruction, ...], groups: int, *, multi_line: bool, fold: bool
    ) -> None:
        super().__init__(instructions, groups, multi_line=multi_line)
        self._fold_case = fold

    def is_found(self, text: str) -> bool:
        """Whether there is a match anywhere.

        Raises:
            Exploded: it takes too many ways to tell.
        """
        return self.search(text, 0)[0] is not None

    def search(self, text: str, start: int) -> tuple[Places | None, int]:
        """As that of a program.

        Raises:
            Exploded: it takes too many ways to tell.
        """
        left = MOST_WORK
        for at in range(start, len(text) + 1):
            waiting: list[tuple[int, int, Places]] = [(0, at, (at, *(-1,) * (2 * self._groups + 1)))]
            while waiting:
                left -= 1
                if left < 0:
                    raise Exploded
                found = self._followed_once(text, waiting)
                if found is not None:
                    return found, found[1]
        return None, len(text)

    def _followed_once(self, text: str, waiting: list[tuple[int, int, Places]]) -> Places | None:
        """Take one step of the last way; its places if it has come to its end."""
        state, at, places = waiting.pop()
        instruction = self._instructions[state]
        match instruction.kind:
            case "found":
                return (places[0], at, *places[2:])
            case "fork":
                waiting += ((instruction.other, at, places), (instruction.to, at, places))
            case "jump":
                waiting.append((instruction.to, at, places))
            case "save":
                slot = instruction.to
                waiting.append((state + 1, at, (*places[:slot], at, *places[slot + 1 :])))
            case "back":
                begin, end = places[2 * instruction.to], places[2 * instruction.to + 1]
                taken = text[begin:end] if 0 <= begin <= end else ""
                if self._same(taken, text[at : at + len(taken)]):
                    waiting.append((state + 1, at + len(taken), places))
            case "one":
                if at < len(text) and instruction.test is not None and instruction.test(text[at]):
                    waiting.append((state + 1, at + 1, places))
            case _:
                begins, ends = self._stands(text, at)
                if begins if instruction.kind == "begin" else ends:
                    waiting.append((state + 1, at, places))
        return None

    def _same(self, one: str, other: str) -> bool:
        return one.casefold() == other.casefold() if self._fold_case else one == other
