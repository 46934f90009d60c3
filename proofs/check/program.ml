(* Programs as flux-translate writes them, for the core. This is what has to be believed beside the theorems: that the
   graph made here is the program of the file. *)

open Checker_core

(* Says why a certificate proves nothing of a program. *)
exception Refused of string

let refuse format = Printf.ksprintf (fun message -> raise (Refused message)) format

type t = {
  graph : graph;
  flow_names : string array;
  lock_names : string array;
  lock : Json.t -> string -> int; (* of that name, which stands in the given value *)
  handler_names : string array; (* in the order of the text *)
  handler_places : int array; (* of the graph's handlers, in the order of the text *)
}

let mode = Json.one_of [ ("read", R); ("write", W) ]

let holds lock json =
  let hold h =
    let name = Json.member "lock" h in
    (lock name (Json.string name), mode (Json.member "mode" h))
  in
  List.map hold (Json.list json)

(* Names with their numbers, each once. *)
let number_names what named =
  let numbers = Hashtbl.create 64 in
  List.iteri
    (fun number (json, name) ->
      if Hashtbl.mem numbers name then Json.bad json.Json.place (Printf.sprintf "second %s '%s'" what name);
      Hashtbl.add numbers name number)
    named;
  numbers

let lookup what numbers json name =
  match Hashtbl.find_opt numbers name with
  | Some number -> number
  | None -> Json.bad json.Json.place (Printf.sprintf "no %s is called '%s'" what name)

let named json = List.map (fun item -> (item, Json.string (Json.member "name" item))) (Json.list json)

(* A dispatch runs one of its cases. Where none of them takes everything, the flow may end in it. *)
let dispatch body cases =
  let takes_all case = List.for_all (fun element -> Json.string element = "_") (Json.list (Json.member "pattern" case)) in
  let otherwise = if List.exists takes_all cases then GSkip else GNoMatch in
  List.fold_right (fun case rest -> GBranch (body (Json.member "body" case), rest)) cases otherwise

(* Functions by name: flows in the order of the certificate, then nodes. [note] is told of every call. *)
let body_reader lock callee note =
  let rec body json = List.fold_right (fun step rest -> GSeq (read step, rest)) (Json.list json) GSkip
  and read step =
    match Json.one_of [ ("call", `Call); ("constrained", `Constrained); ("dispatch", `Dispatch) ] (Json.member "kind" step) with
    | `Call ->
        let name = Json.member "callee" step in
        let f = callee name (Json.string name) in
        note f;
        GCall f
    | `Constrained -> GRegion (holds lock (Json.member "holds" step), body (Json.member "body" step))
    | `Dispatch -> dispatch body (Json.list (Json.member "cases" step))
  in
  body

(* The ranks that count are the certificate's; they must be those of the program if it has any. *)
let check_ranks ranks locks =
  let own =
    List.filter_map
      (fun (json, name) ->
        let rank = Json.member "rank" json in
        if Json.is_null rank then None else Some (Json.natural rank, name))
      locks
  in
  if own <> [] && List.compare_lengths own locks <> 0 then refuse "the program ranks only some of its locks";
  let rec differ previous = function
    | (rank, _) :: rest -> rank = previous || differ rank rest
    | [] -> false
  in
  let sorted = List.sort compare ranks in
  if differ (-1) sorted then refuse "two locks share a rank";
  if own <> [] && List.map snd (List.sort compare own) <> List.map snd sorted then refuse "the program has other ranks"

(* [order] names the flows, callers first; [ranks] are pairs of ranks and locks. *)
let read json ~order ~ranks =
  Json.version 1 json;
  let locks = named (Json.member "locks" json) in
  let lock_numbers = number_names "lock" locks in
  let lock = lookup "lock" lock_numbers in
  let flows = named (Json.member "flows" json) in
  let flow_names = Array.of_list order in
  let by_name = List.sort compare (List.map snd flows) in
  if by_name <> List.sort compare order then refuse "the proof is about other flows than the program has";
  let nodes = named (Json.member "nodes" json) in
  let in_order = List.map (fun name -> (json, name)) order in
  ignore (number_names "flow" flows);
  let functions = number_names "node or flow" (in_order @ nodes) in
  let callee = lookup "node or flow" functions in
  if List.sort compare (List.map snd ranks) <> List.sort compare (List.map snd locks) then
    refuse "the proof ranks other locks than the program has";
  check_ranks ranks locks;
  let called = Array.make (Hashtbl.length functions) false in
  let read_body = body_reader lock callee (fun f -> called.(f) <- true) in
  let bodies = Array.make (Array.length flow_names) GSkip in
  List.iter (fun (flow, name) -> bodies.(callee flow name) <- read_body (Json.member "body" flow)) flows;
  let of_source source =
    List.map (fun key -> let name = Json.member key source in callee name (Json.string name)) [ "function"; "target" ]
  in
  let sources = List.concat_map of_source (Json.list (Json.member "sources" json)) in
  let uncalled = List.filter (fun f -> not called.(f)) (List.init (Array.length bodies) Fun.id) in
  let handler n h =
    match List.rev_map (fun name -> callee name (Json.string name)) (Json.list (Json.member "path" h)) with
    | [] -> Json.bad h.Json.place "the path of a handler is empty"
    | f :: around -> (n, (f, { way = List.rev around; region = holds lock (Json.member "holds" h) }))
  in
  let in_text = Json.list (Json.member "handlers" json) in
  let longest_first (_, (_, a)) (_, (_, b)) = List.compare_lengths b.way a.way in
  let handlers = List.stable_sort longest_first (List.mapi handler in_text) in
  let handler_places = Array.make (List.length handlers) 0 in
  List.iteri (fun place (n, _) -> handler_places.(n) <- place) handlers;
  let scopes = Json.one_of [ ("session", true); ("program", false) ] in
  let is_session = Array.of_list (List.map (fun (l, _) -> scopes (Json.member "scope" l)) locks) in
  let rank = Array.make (Array.length is_session) 0 in
  List.iter (fun (r, name) -> rank.(lock json name) <- r) ranks;
  {
    graph =
      {
        bodies = Array.to_list bodies;
        roots = List.sort_uniq compare (sources @ uncalled);
        handlers = List.map snd handlers;
        sessionLock = (fun l -> is_session.(l));
        lockRank = (fun l -> rank.(l));
      };
    flow_names;
    lock_names = Array.of_list (List.map snd locks);
    lock;
    handler_names = Array.of_list (List.map (fun h -> Json.string (Json.member "function" h)) in_text);
    handler_places;
  }
