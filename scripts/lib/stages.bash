# stages.bash - runs the steps of a script one by one and shows how they get on. Sourced by bash scripts, which set
#   logs      a directory for what the steps print, one file each
#   verbose   non-empty: show what they print while they run

# stage NAME COMMAND...: one line with the time it took; its last lines too if it fails. Returns its exit status. What
# the command leaves in the variable `note` (it may be a function of the script) ends the line.
stage() {
  local name=$1 log="$logs/${1//[^a-z0-9-]/-}.log" start=$SECONDS status=0
  shift
  note=
  printf '%-36s' "$name"
  if [ -n "$verbose" ]; then
    printf '\n'
    "$@" > >(tee "$log") 2>&1 </dev/null || status=$?
    printf '%-36s' "$name"
  else
    show_progress "$log" "$name" &
    local progress=$!
    "$@" >"$log" 2>&1 </dev/null || status=$?
    kill "$progress" 2>/dev/null
    wait "$progress" 2>/dev/null || true
    [ ! -t 1 ] || printf '\r\033[K%-36s' "$name"
  fi
  if [ "$status" = 0 ]; then
    printf '%5d s  %s\n' $((SECONDS - start)) "${note:-done}"
  else
    printf '%5d s  %s\n' $((SECONDS - start)) "${note:+$note; }FAILED, $log ends with:"
    tail -n 40 "$log" | sed 's/^/    /'
  fi
  return "$status"
}

# Keeps the last line of a log in sight on a terminal; elsewhere a dot for every ten seconds.
show_progress() {
  local start=$SECONDS line
  while sleep 1; do
    if [ -t 1 ]; then
      line=$(tail -n 1 "$1" 2>/dev/null | tr -d '\r\033' | cut -c 1-70)
      printf '\r\033[K%-36s%5d s  %s' "$2" $((SECONDS - start)) "$line"
    elif [ $(((SECONDS - start) % 10)) = 0 ]; then
      printf .
    fi
  done
}

# build_preset NAME TARGET...: configures a preset (where that has not been done) and builds the targets, or everything.
build_preset() {
  local preset=$1
  shift
  [ -e "build/$preset/build.ninja" ] || cmake --preset "$preset" || return
  ninja -C "build/$preset" "$@"
}
