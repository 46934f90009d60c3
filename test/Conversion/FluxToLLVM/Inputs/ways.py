def ways(count):
    """Prints a program with `count` flows, each with a handler for what fails inside it."""
    print("A () => ();")
    for i in range(count):
        print(f"F{i} = A;\nhandle error F{i} -> A => H{i};")
