A (std::pair<int, std::vector<int> a) => ();
