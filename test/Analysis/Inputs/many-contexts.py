"""Prints a program in which one flow is entered in COUNT contexts, the last holding `x` as LAST says, and writes `x`.

With DEPTH, the calls lead through that many flows."""
import sys

count, last, depth = int(sys.argv[1]), sys.argv[2], int(sys.argv[3])
print("Listen () => (int a);\nWork (int a) => (int a);\nEnd (int a) => ();\nsource Listen => Top;")
print("Top =", " -> ".join(f"F{i}" for i in range(count)), "-> End;")
for i in range(count):
    print(f"F{i} = D0;\nconstraint F{i}:{{l{i}{', ' + last if i == count - 1 else ''}}};")
for i in range(depth):
    print(f"D{i} = D{i + 1};")
print(f"D{depth} = Work;\nconstraint Work:{{x}};")
