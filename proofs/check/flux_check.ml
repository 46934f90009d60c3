(* flux-check: whether a certificate proves that a program cannot deadlock. Reads files and says why it refuses; the
   verdict is the extracted core's. *)

open Checker_core
open Program

let usage =
  "usage: flux-check PROOF.json GRAPH.json\n\
  \       flux-check --pairs FILE\n\n\
   Checks proofs that flux-opt --verify-deadlock-free=certificate=PROOF.json has written against programs as\n\
   flux-translate --flux-to-json writes them. FILE has lines of {\"certificate\": ..., \"graph\": ...}, as\n\
   flux-agreement --proofs writes them. Exits with 0 if all proofs hold, 1 if one is refused, 2 if files cannot be read.\n"

type verdict = { points : int; eliminated : int; left : int }

(* Why the points themselves are refused. *)
let explain program certificate =
  let graph = program.graph in
  let all = allPoints certificate in
  let name (l, _) = Printf.sprintf "'%s'" program.lock_names.(l) in
  let wants points = String.concat ", " (List.map name (List.sort_uniq compare (List.map (fun p -> p.want) points))) in
  List.iter (fun p -> if upgrades p then refuse "a point wants '%s', which it may hold" (wants [ p ])) all;
  let rec steps n = function
    | [] -> ()
    | e :: rest ->
        let later = List.map (fun e -> e.who) rest @ leftPoints certificate in
        if not (eliminates (lockFacts graph) all e later) then
          refuse "elimination %d, of a point that wants %s, does not hold" n (wants [ e.who ]);
        steps (n + 1) rest
  in
  steps 0 (stepsOf certificate);
  let falling = List.filter (fun p -> not (rises graph.lockRank p)) (leftPoints certificate) in
  if falling <> [] then
    refuse "it is not proved that flows which wait for %s cannot wait for each other in a circle" (wants falling)

let check proof graph =
  Json.version 2 proof;
  let flows = Certificate.flows proof in
  let program =
    Program.read graph ~order:(List.map Certificate.flow_name flows) ~ranks:(Certificate.ranks proof)
  in
  let certificate = Certificate.read proof program flows in
  let points = Certificate.Points.create () in
  Certificate.walk_flows program certificate points;
  let eliminated = Certificate.read_eliminations program proof in
  let certificate = Certificate.with_points certificate eliminated (List.rev points.points) in
  if not (checkGraph program.graph certificate) then begin
    explain program certificate;
    refuse "the proof does not hold"
  end;
  { points = certificate.gleft + List.length eliminated; eliminated = List.length eliminated; left = certificate.gleft }

let check_files proof graph =
  match check (Json.read proof) (Json.read graph) with
  | { points; eliminated; left } ->
      Printf.printf "the proof holds: %d points, %d eliminated, %d left\n" points eliminated left;
      0
  | exception Refused reason ->
      Printf.printf "refused: %s\n" reason;
      1

let check_pairs file =
  let channel = try open_in_bin file with Sys_error message -> raise (Json.Bad message) in
  let rec each line held eliminating =
    match input_line channel with
    | exception End_of_file -> (line - 1, held, eliminating)
    | text -> (
        let pair = Json.parse ~file ~first_line:line text in
        match check (Json.member "certificate" pair) (Json.member "graph" pair) with
        | { eliminated; _ } -> each (line + 1) (held + 1) (if eliminated > 0 then eliminating + 1 else eliminating)
        | exception Refused reason ->
            Printf.printf "%s:%d: refused: %s\n" file line reason;
            each (line + 1) held eliminating)
  in
  let count, held, eliminating =
    try each 1 0 0 with Sys_error message -> raise (Json.Bad (file ^ ": " ^ message))
  in
  Printf.printf "%d of %d proofs hold, %d with eliminations\n" held count eliminating;
  if held = count then 0 else 1

let run () =
  match Array.to_list Sys.argv with
  | [ _; ("-h" | "--help") ] ->
      print_string usage;
      0
  | [ _; "--pairs"; file ] -> check_pairs file
  | [ _; proof; graph ] when proof <> "--pairs" -> check_files proof graph
  | _ ->
      prerr_string usage;
      2

let () =
  let fail message =
    Printf.eprintf "flux-check: %s\n" message;
    2
  in
  exit
    (try run () with
    | Json.Bad message -> fail message
    | Stack_overflow -> fail "a program is nested too deeply"
    | Out_of_memory -> fail "a program is too large for the memory")
