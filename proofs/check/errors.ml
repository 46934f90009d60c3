(* Finds out how far the errors of a program come. Only what it finds, not how, has to be right: the core checks that. *)

open Checker_core

type found = { bounds : (int * int) list array; failing : bool array }

let calls body =
  let rec add body acc =
    match body with
    | GSkip | GNoMatch -> acc
    | GCall f -> f :: acc
    | GSeq (p, q) | GBranch (p, q) -> add q (add p acc)
    | GRegion (_, p) -> add p acc
  in
  List.sort_uniq compare (add body [])

(* Each flow's bounds are those of all places where it may be called from. Flows stand behind their callers. *)
let find_bounds graph bodies =
  let bounds = Array.make (Array.length bodies) None in
  let enter f around =
    if f < Array.length bodies then begin
      let inside = List.map2 (fun (_, h) (a, b) -> (advance h.way f a, advance h.way f b)) graph.handlers around in
      let wide known = List.map2 (fun (a, b) (c, d) -> (min a c, max b d)) known inside in
      bounds.(f) <- Some (match bounds.(f) with None -> inside | Some known -> wide known)
    end
  in
  List.iter (fun f -> enter f (outside graph)) graph.roots;
  Array.iteri (fun f body -> Option.iter (fun here -> List.iter (fun g -> enter g here) (calls body)) bounds.(f)) bodies;
  Array.map (Option.value ~default:[]) bounds

let find graph (certificate : gcertificate) =
  let bodies = Array.of_list graph.bodies in
  let count = Array.length bodies in
  let bounds = find_bounds graph bodies in
  let failing = Array.make count false in
  let certificate = { certificate with failing = (fun f -> failing.(f)) } in
  for f = count - 1 downto 0 do
    failing.(f) <- mayFail graph certificate count bounds.(f) bodies.(f)
  done;
  { bounds; failing }

(* A handler that an error may reach although it is said to be idle, by its place. *)
let find_reached graph (certificate : gcertificate) { bounds; failing } =
  let bodies = Array.of_list graph.bodies in
  let count = Array.length bodies in
  let handlers = Array.of_list graph.handlers in
  let reached bs f =
    let answers place = answersWell { certificate with idle = (fun n -> n = place) } f 0 graph.handlers bs in
    if f < count && not failing.(f) then None
    else
      let rec first place =
        if place = Array.length handlers then None
        else if certificate.idle place && not (answers place) then Some place
        else first (place + 1)
      in
      first 0
  in
  let in_flow f body = List.find_map (reached bounds.(f)) (calls body) in
  match List.find_map (reached (outside graph)) graph.roots with
  | Some place -> Some place
  | None -> List.find_map Fun.id (List.mapi in_flow graph.bodies)
