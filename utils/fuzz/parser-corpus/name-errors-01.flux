F = Nothing;
