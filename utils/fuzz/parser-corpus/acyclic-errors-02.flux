F = F;
G = H;
H = G;
