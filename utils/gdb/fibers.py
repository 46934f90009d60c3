"""fibers.py - gdb commands for servers of the event-driven models, on x86-64.

    gdb -p PID -x utils/gdb/fibers.py -ex 'flux-fibers' --batch

flux-fibers prints the backtrace of every flow that is parked on a stack of its own, and of idle stacks, which end in the
loop's own functions. Neither the server nor the runtime needs debug information; nodes that have it show their lines. The
process must be stopped and alive: a core file's registers cannot be set.
"""

import struct

import gdb

# runtime/src/fiber/fiber.h: where `context` stands, seen from `stack`, which is { base, size }.
CONTEXT_BEFORE_STACK = 24
# Boost.Context's frame: r12 to r15, rbx, rbp and rip behind the floating-point state; rsp is behind that.
SAVED = {"r12": 0x08, "r13": 0x10, "r14": 0x18, "r15": 0x20, "rbx": 0x28, "rbp": 0x30, "rip": 0x38}
FRAME = 0x40
# A fiber lies at the top of its stack, within so many bytes.
FIBER = 256


def mappings(pid):
    """The process's mappings, in order: begin, end, permissions."""
    with open(f"/proc/{pid}/maps") as maps:
        for line in maps:
            addresses, permissions = line.split()[:2]
            begin, end = (int(address, 16) for address in addresses.split("-"))
            yield begin, end, permissions


def contexts(inferior):
    """Where each fiber that does not run goes on: a stack lies above its guard page and names it at its top."""
    guard = None
    for begin, end, permissions in mappings(inferior.pid):
        if guard and permissions.startswith("rw") and guard[1] == begin and end - begin >= FIBER:
            top = inferior.read_memory(end - FIBER, FIBER).tobytes()
            at = top.find(struct.pack("<QQ", guard[0], end - guard[0]))
            if at >= CONTEXT_BEFORE_STACK:
                (context,) = struct.unpack_from("<Q", top, at - CONTEXT_BEFORE_STACK)
                if begin <= context < end:
                    yield context
        guard = (begin, end) if permissions.startswith("---") else None


class FluxFibers(gdb.Command):
    """Print the backtraces of the flows that are parked."""

    def __init__(self):
        super().__init__("flux-fibers", gdb.COMMAND_STACK)

    def invoke(self, argument, from_tty):
        inferior = gdb.selected_inferior()
        # The last one says that the thread is in a system call: without it that call would not be restarted.
        names = [*SAVED, "rsp", "orig_rax"]
        gdb.execute("frame 0", to_string=True)
        kept = {name: int(gdb.parse_and_eval(f"(unsigned long)${name}")) for name in names}
        try:
            for number, context in enumerate(contexts(inferior)):
                print(f"fiber {number}")
                for name, offset in SAVED.items():
                    (value,) = struct.unpack("<Q", inferior.read_memory(context + offset, 8).tobytes())
                    gdb.execute(f"set ${name} = {value}")
                gdb.execute(f"set $rsp = {context + FRAME}")
                gdb.execute("backtrace")
        finally:
            for name, value in kept.items():
                gdb.execute(f"set ${name} = {value}")


FluxFibers()
