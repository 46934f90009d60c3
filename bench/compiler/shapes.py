"""Prints a program in Flux that is large in one way: shapes.py SHAPE SIZE.

Each function below is a shape, with what there are SIZE of. The programs are correct, and the same every time."""
import sys


def header():
    print("Listen () => (int a);\nWork (int a) => (int a);\nEnd (int a) => ();")


def chain(size):
    """Nodes in one flow."""
    header()
    for i in range(size):
        print(f"N{i} (int a) => (int a);")
    print("Top =", " -> ".join(f"N{i}" for i in range(size)), "-> End;\nsource Listen => Top;")


def calls(size):
    """Calls of one node in one flow."""
    header()
    print("Top =", " -> ".join(["Work"] * size), "-> End;\nsource Listen => Top;")


def nested(size):
    """Flows, each with a node and the next flow inside."""
    header()
    for i in range(size):
        print(f"N{i} (int a) => (int a);\nF{i} = N{i} -> F{i + 1};")
    print(f"F{size} = Work;\nTop = F0 -> End;\nsource Listen => Top;")


def nested_constraints(size):
    """Flows, each with a constraint of its own and the next flow inside."""
    header()
    for i in range(size):
        print(f"F{i} = Work -> F{i + 1};\nconstraint F{i}:{{l{i}}};")
    print(f"F{size} = Work;\nTop = F0 -> End;\nsource Listen => Top;")


def nested_handlers(size):
    """Flows, each with a handler of its own and the next flow inside."""
    header()
    for i in range(size):
        print(f"F{i} = Work -> F{i + 1};\nhandle error F{i} => H{i};")
    print(f"F{size} = Work;\nTop = F0 -> End;\nsource Listen => Top;")


def nested_dispatch(size):
    """Flows, each with two cases, of which one runs the next flow twice."""
    header()
    print("typedef big IsBig;")
    for i in range(size):
        print(f"F{i} (int a) => (int a);\nF{i}:[big] = F{i + 1} -> F{i + 1};\nF{i}:[_] = Work;")
    print(f"F{size} = Work;\nTop = F0 -> End;\nsource Listen => Top;")


def locks(size):
    """Locks of one node."""
    header()
    print("constraint Work:{" + ",\n".join(f"l{i}" for i in range(size)) + "};")
    print("Top = Work -> End;\nsource Listen => Top;")


def constraints(size):
    """Constraints of one node, a lock each."""
    header()
    for i in range(size):
        print(f"constraint Work:{{l{i}}};")
    print("Top = Work -> End;\nsource Listen => Top;")


def sessions(size):
    """Sources, each with a session lock of its own."""
    for i in range(size):
        print(f"Listen{i} () => (int a);\nEnd{i} (int a) => ();\nconstraint End{i}:{{l{i}(session)}};")
        print(f"source Listen{i} {{session: SessionOf}} => End{i};")


def cases(size):
    """Cases of one dispatch."""
    header()
    print("Choose (int a) => (int a);")
    for i in range(size):
        print(f"typedef p{i} P{i};\nChoose:[p{i}] = Work;")
    print("Choose:[_] = ;\nTop = Choose -> End;\nsource Listen => Top;")


def predicates(size):
    """Predicates of one case."""
    arguments = "(" + ", ".join(f"int a{i}" for i in range(size)) + ")"
    print(f"Listen () => {arguments};\nWork {arguments} => ();\nTop {arguments} => ();")
    for i in range(size):
        print(f"typedef p{i} P{i};")
    print("Top:[" + ", ".join(f"p{i}" for i in range(size)) + "] = Work;")
    print("Top:[" + ", ".join(["_"] * size) + "] = Work;\nsource Listen => Top;")


def handlers(size):
    """Handlers, each of another node."""
    chain(size)
    for i in range(size):
        print(f"handle error N{i} => H{i};")


def shared(size):
    """Flows, one behind the other, that run the same flow."""
    header()
    print("Shared = Work -> Work;")
    for i in range(size):
        print(f"F{i} = Work -> Shared;")
    print("Top =", " -> ".join(f"F{i}" for i in range(size)), "-> End;\nsource Listen => Top;")


def entered(size):
    """Flows, one behind the other, that run the same flow, each under a lock of its own."""
    shared(size)
    for i in range(size):
        print(f"constraint F{i}:{{l{i}}};")


def long_names(size):
    """Nodes with names of 1,000 letters."""
    header()
    for i in range(size):
        print(f"N{i:0999} (int a) => (int a);")
    print("Top =", " -> ".join(f"N{i:0999}" for i in range(size)), "-> End;\nsource Listen => Top;")


def includes(size):
    """Headers; the types come from the first."""
    for i in range(size):
        print(f'include "h{i}.h";')
    print("Listen () => (int a);\nEnd (int a) => ();\nsource Listen => End;")


SHAPES = [chain, calls, nested, nested_constraints, nested_handlers, nested_dispatch, locks, constraints, sessions, cases,
          predicates, handlers, shared, entered, long_names, includes]

if __name__ == "__main__":
    {shape.__name__: shape for shape in SHAPES}[sys.argv[1]](int(sys.argv[2]))
