Größe (int a) => (int a);
