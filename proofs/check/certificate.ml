(* Certificates as the compiler writes them, for the core. Nothing here has to be believed: what is read wrongly is
   refused. Where a certificate does not hold, [Program.Refused] says why. *)

open Checker_core
open Program

(* The flows of a certificate, callers first, and its ranks: what the program's reader needs. *)
let flows json =
  let indexed = List.map (fun flow -> (Json.natural (Json.member "index" flow), flow)) (Json.list (Json.member "flows" json)) in
  let sorted = List.stable_sort (fun (a, _) (b, _) -> compare a b) indexed in
  let rec distinct = function
    | (a, flow) :: ((b, _) :: _ as rest) ->
        if a = b then refuse "flow '%s' shares its index with another" (Json.string (Json.member "name" flow));
        distinct rest
    | _ -> ()
  in
  distinct sorted;
  List.map snd sorted

let flow_name flow = Json.string (Json.member "name" flow)

let ranks json =
  List.map (fun (name, rank) -> (Json.natural rank, name)) (Json.Members.bindings (Json.members (Json.member "ranks" json)))

(* Locks of certificates may be any; that of a program are known. *)
let lock program json name = try program.lock json name with Json.Bad _ -> refuse "the proof names lock '%s', which the program does not have" name

let read_set program json =
  let add (name, m) = (lock program json name, mode m) in
  List.map add (Json.Members.bindings (Json.members json))

let read_context program json =
  let reading name = lock program name (Json.string name) in
  {
    cmay = read_set program (Json.member "may" json);
    cmust = read_set program (Json.member "must" json);
    creading = List.map reading (Json.list (Json.member "reading" json));
  }

(* For each flow the contexts that it is entered in, each with those around its regions. *)
let read_entries contexts flow =
  let name = flow_name flow in
  let context n =
    let n = Json.natural n in
    if n >= Array.length contexts then refuse "flow '%s' uses a context that is not there" name;
    contexts.(n)
  in
  let entered = List.map context (Json.list (Json.member "entered" flow)) in
  let regions = List.map (fun around -> List.map context (Json.list around)) (Json.list (Json.member "regions" flow)) in
  if List.compare_lengths entered regions <> 0 then refuse "flow '%s' needs its regions once per context" name;
  List.combine entered regions

let read_idle program json =
  let idle = Array.make (Array.length program.handler_places) false in
  let note n =
    let n = Json.natural n in
    if n >= Array.length idle then refuse "the proof is about other handlers";
    idle.(program.handler_places.(n)) <- true
  in
  List.iter note (Json.list (Json.member "idle" json));
  idle

(* All locks that are written where it counts. *)
let find_written graph idle =
  let written = Hashtbl.create 16 in
  let note hs = List.iter (fun (l, m) -> if m = W then Hashtbl.replace written l ()) hs in
  let rec body = function
    | GSkip | GNoMatch | GCall _ -> ()
    | GSeq (p, q) | GBranch (p, q) -> body p; body q
    | GRegion (hs, p) -> note hs; body p
  in
  List.iter body graph.bodies;
  List.iteri (fun place (_, h) -> if not idle.(place) then note h.region) graph.handlers;
  List.sort compare (List.of_seq (Hashtbl.to_seq_keys written))

(* Points by what they say, in any order and with anything said twice. *)
module Points = struct
  type key = hold list * hold list * hold
  type nonrec t = { numbers : (string, int) Hashtbl.t; mutable points : point list; mutable count : int }

  let strongest set =
    let rec merge = function
      | (a, m) :: (b, n) :: rest when a = b -> merge ((a, if m = W then W else n) :: rest)
      | first :: rest -> first :: merge rest
      | [] -> []
    in
    merge (List.sort compare set)

  let canonical p = { p with may = strongest p.may; must = strongest p.must }
  let key p : string = Marshal.to_string ((p.may, p.must, p.want) : key) [ Marshal.No_sharing ]
  let create () = { numbers = Hashtbl.create 256; points = []; count = 0 }

  let number points p =
    let p = canonical p in
    let key = key p in
    match Hashtbl.find_opt points.numbers key with
    | Some number -> number
    | None ->
        let number = points.count in
        Hashtbl.add points.numbers key number;
        points.points <- p :: points.points;
        points.count <- number + 1;
        number
end

(* Walks all flows as the core does, to find their points, and says where they do not keep to the certificate. *)
let walk_flows program certificate (points : Points.t) =
  let graph = program.graph in
  let flows = Array.length program.flow_names in
  let take who c (l, m) =
    if m = W && memb l c.creading then
      refuse "%s writes '%s' where it may hold it for reading" who program.lock_names.(l);
    if (not (holdsAlready c.cmust (l, m))) && memb l certificate.gwritten then
      ignore (Points.number points (pointAt certificate c (l, m)));
    enter c (l, m)
  in
  let take_all who c hs = List.fold_left (take who) c (inOrder graph.lockRank hs) in
  let rec walk f c body around =
    let name = program.flow_names.(f) in
    match body with
    | GSkip | GNoMatch -> around
    | GCall g ->
        if not (callsAfter flows f body) then refuse "flow '%s' may reach itself" name;
        if g < flows then check_entry g c;
        around
    | GSeq (p, q) | GBranch (p, q) -> walk f c q (walk f c p around)
    | GRegion (hs, p) -> (
        match around with
        | [] -> refuse "flow '%s' has more regions than the proof" name
        | d :: rest ->
            if not (wider d c) then refuse "flow '%s' may hold something else at a region" name;
            walk f (take_all (Printf.sprintf "flow '%s'" name) d hs) p rest)
  and check_entry g c =
    if not (List.exists (fun (d, _) -> wider d c) (certificate.entered g)) then
      refuse "flow '%s' is entered in another context, too" program.flow_names.(g)
  in
  List.iter (fun f -> if f < flows then check_entry f nothing) graph.roots;
  let walk_flow f body =
    let whole (c, around) =
      if walk f c body around <> [] then refuse "flow '%s' has fewer regions than the proof" program.flow_names.(f)
    in
    List.iter whole (certificate.entered f)
  in
  List.iteri walk_flow graph.bodies;
  Array.iteri
    (fun n place ->
      if not (certificate.idle place) then
        let _, h = List.nth graph.handlers place in
        ignore (take_all (Printf.sprintf "handler '%s'" program.handler_names.(n)) nothing h.region))
    program.handler_places

let check_idle program (certificate : gcertificate) =
  let graph = program.graph in
  let anyIdle = List.exists certificate.idle (List.init (List.length graph.handlers) Fun.id) in
  if not anyIdle then certificate
  else
    let found = Errors.find graph certificate in
    match Errors.find_reached graph certificate found with
    | Some place ->
        let n = ref 0 in
        Array.iteri (fun i p -> if p = place then n := i) program.handler_places;
        refuse "an error may reach handler '%s'" program.handler_names.(!n)
    | None ->
        { certificate with bounds = Array.get found.Errors.bounds; failing = Array.get found.Errors.failing }

(* The certificate, with all but the points. *)
let read json program flows =
  let contexts = Array.of_list (List.map (read_context program) (Json.list (Json.member "contexts" json))) in
  let entries = Array.of_list (List.map (read_entries contexts) flows) in
  let idle = read_idle program json in
  check_idle program
    {
      gwritten = find_written program.graph idle;
      entered = (fun f -> entries.(f));
      pointOf = (fun _ -> assert false);
      numberOf = (fun _ _ -> assert false);
      geliminated = [];
      gleft = 0;
      idle = (fun place -> idle.(place));
      bounds = (fun _ -> []);
      failing = (fun _ -> true);
    }

(* Points with their closures, in the order in which they go. *)
let read_eliminations program json =
  let holds key json = holds (lock program) (Json.member key json) in
  let elimination json =
    let point = Json.member "point" json in
    let name = Json.member "lock" point in
    let point =
      {
        may = read_set program (Json.member "may" point);
        must = read_set program (Json.member "must" point);
        want = (lock program name (Json.string name), mode (Json.member "mode" point));
      }
    in
    let closure = { ownLocks = holds "own" json; otherLocks = holds "other" json; sharedLocks = holds "shared" json } in
    (point, closure)
  in
  List.map elimination (Json.list (Json.member "eliminations" json))

(* Puts the points in their order, those that are eliminated first. *)
let with_points certificate eliminated left =
  let in_order = Points.create () in
  List.iter (fun (p, _) -> ignore (Points.number in_order p)) eliminated;
  if in_order.count <> List.length eliminated then refuse "the proof eliminates a point twice";
  List.iter (fun p -> ignore (Points.number in_order p)) left;
  let points = Array.of_list (List.rev in_order.points) in
  {
    certificate with
    pointOf = (fun n -> points.(n));
    numberOf = (fun c h -> Points.number in_order (pointAt certificate c h));
    geliminated = List.map snd eliminated;
    gleft = Array.length points - List.length eliminated;
  }
