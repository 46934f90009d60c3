F:[_, hit = A;
