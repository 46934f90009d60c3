#!/usr/bin/env python3
"""Writes NAME.flux, with COUNT flows that each have a handler for what fails inside them, and NAME.c.

usage: ways.py NAME COUNT [--nested]

Each flow is run once and fails once; the server says whether each handler got the error of its own flow. With --nested
the node fails in a flow that all of them share, so that a way has two flows and there are twice as many.
"""
import sys

name, count, nested = sys.argv[1], int(sys.argv[2]), "--nested" in sys.argv

with open(f"{name}.flux", "w") as program:
    print("Next () => (int number);\nA (int number) => ();\nServe (int number) => ();\nsource Next => Serve;", file=program)
    inner = "Inner -> A" if nested else "A"
    if nested:
        print("Inner = A;", file=program)
    for i in range(count):
        print(f"typedef is{i} Is{i};\nF{i} = {inner.split()[0]};\nServe:[is{i}] = F{i};", file=program)
        print(f"handle error F{i} -> {inner} => H{i};", file=program)
    print("Serve:[_] = A;", file=program)

with open(f"{name}.c", "w") as nodes:
    print(f'#include "{name}.flux.h"\n#include <stdio.h>\nstatic int next, handled;', file=nodes)
    print(f"int Next(Next_out *out) {{ out->number = next; return next++ < {count} ? 0 : FLUX_STOP; }}", file=nodes)
    print("int A(A_in *in) { (void)in; return 1; }", file=nodes)
    for i in range(count):
        print(f"bool Is{i}(int number) {{ return number == {i}; }}", file=nodes)
        print(f"void H{i}(A_in *in, int error) {{ __atomic_add_fetch(&handled, in->number == {i} && error == 1, __ATOMIC_RELAXED); }}", file=nodes)
    print(f'void flux_shutdown(void) {{ printf("%d of {count} flows found their handlers\\n", handled); }}', file=nodes)
