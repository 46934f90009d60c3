typedef hit TestInCache;
F = hit;
