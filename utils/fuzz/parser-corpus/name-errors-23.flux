A (int new) => (int private);
