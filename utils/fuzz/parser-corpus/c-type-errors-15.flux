A (std::array<int, "4"> a) => ();
