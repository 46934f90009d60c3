(* JSON files as values that know where they stand. What is not exactly what RFC 8259 says, or too much of it, raises
   [Bad]; so do the functions below where a value has another form than its reader expects. *)

exception Bad of string

type source = { file : string; first_line : int; text : string }
type place = { source : source; offset : int }

module Members = Map.Make (String)

type t = { place : place; value : value }

and value =
  | Null
  | Bool of bool
  | Number of float
  | String of string
  | List of t list
  | Object of t Members.t

(* More than programs need: a constraint within another is two levels here. The reader recurses. *)
let max_depth = 10_000

(* More than this would take tens of gigabytes of memory. *)
let max_bytes = 1 lsl 30

let bad { source = { file; first_line; text }; offset } message =
  let line = ref first_line and start = ref 0 in
  String.iteri
    (fun i c ->
      if i < offset && c = '\n' then begin
        incr line;
        start := i + 1
      end)
    text;
  raise (Bad (Printf.sprintf "%s:%d:%d: %s" file !line (offset - !start + 1) message))

(* Text *)

type reader = { from : source; mutable at : int }

let fail reader message = bad { source = reader.from; offset = reader.at } message
let at_end reader = reader.at >= String.length reader.from.text

(* The next byte; 0, which JSON has nowhere, at the end. *)
let peek reader = if at_end reader then '\000' else String.unsafe_get reader.from.text reader.at
let skip reader = reader.at <- reader.at + 1

let unexpected reader wanted =
  let found =
    if at_end reader then "the end"
    else match peek reader with ' ' .. '~' as c -> Printf.sprintf "'%c'" c | c -> Printf.sprintf "byte %d" (Char.code c)
  in
  fail reader (Printf.sprintf "expected %s, found %s" wanted found)

let rec skip_space reader =
  match peek reader with
  | ' ' | '\t' | '\n' | '\r' ->
      skip reader;
      skip_space reader
  | _ -> ()

let expect reader c = if peek reader = c then skip reader else unexpected reader (Printf.sprintf "'%c'" c)

let word reader text value =
  String.iter (fun c -> if peek reader = c then skip reader else unexpected reader (Printf.sprintf "'%s'" text)) text;
  value

let number reader =
  let start = reader.at in
  let digits () =
    let is_digit () = match peek reader with '0' .. '9' -> true | _ -> false in
    if not (is_digit ()) then unexpected reader "a digit";
    while is_digit () do skip reader done
  in
  if peek reader = '-' then skip reader;
  if peek reader = '0' then skip reader else digits ();
  if peek reader = '.' then begin
    skip reader;
    digits ()
  end;
  (match peek reader with
  | 'e' | 'E' ->
      skip reader;
      (match peek reader with '+' | '-' -> skip reader | _ -> ());
      digits ()
  | _ -> ());
  Number (float_of_string (String.sub reader.from.text start (reader.at - start)))

let hex4 reader =
  let digit () =
    let c = peek reader in
    let value =
      match c with
      | '0' .. '9' -> Char.code c - Char.code '0'
      | 'a' .. 'f' -> Char.code c - Char.code 'a' + 10
      | 'A' .. 'F' -> Char.code c - Char.code 'A' + 10
      | _ -> unexpected reader "a hexadecimal digit"
    in
    skip reader;
    value
  in
  List.fold_left (fun code digit -> (code * 16) + digit ()) 0 [ digit; digit; digit; digit ]

(* Behind \u: one unit of UTF-16, or two where the first is half of a pair. *)
let unicode reader =
  let first = hex4 reader in
  if first >= 0xdc00 && first <= 0xdfff then fail reader "half of a surrogate pair";
  if first < 0xd800 || first > 0xdbff then Uchar.of_int first
  else begin
    expect reader '\\';
    expect reader 'u';
    let second = hex4 reader in
    if second < 0xdc00 || second > 0xdfff then fail reader "half of a surrogate pair";
    Uchar.of_int (0x10000 + ((first - 0xd800) lsl 10) + (second - 0xdc00))
  end

let escape reader buffer =
  let plain c =
    skip reader;
    Buffer.add_char buffer c
  in
  match peek reader with
  | ('"' | '\\' | '/') as c -> plain c
  | 'b' -> plain '\b'
  | 'f' -> plain '\012'
  | 'n' -> plain '\n'
  | 'r' -> plain '\r'
  | 't' -> plain '\t'
  | 'u' ->
      skip reader;
      Buffer.add_utf_8_uchar buffer (unicode reader)
  | _ -> unexpected reader "an escape"

(* A character beyond ASCII: no byte too few, none too many, no longer than it need be, and no surrogate. *)
let utf_8 reader buffer =
  let following low high =
    let c = peek reader in
    if c < low || c > high then fail reader "no UTF-8";
    Buffer.add_char buffer c;
    skip reader
  in
  let first = peek reader in
  let rest low high count =
    following first first;
    following low high;
    for _ = 2 to count do following '\x80' '\xbf' done
  in
  match first with
  | '\xc2' .. '\xdf' -> rest '\x80' '\xbf' 1
  | '\xe0' -> rest '\xa0' '\xbf' 2
  | '\xed' -> rest '\x80' '\x9f' 2
  | '\xe1' .. '\xef' -> rest '\x80' '\xbf' 2
  | '\xf0' -> rest '\x90' '\xbf' 3
  | '\xf1' .. '\xf3' -> rest '\x80' '\xbf' 3
  | '\xf4' -> rest '\x80' '\x8f' 3
  | _ -> fail reader "no UTF-8"

let characters reader =
  let buffer = Buffer.create 16 in
  let rec next () =
    match peek reader with
    | '"' ->
        skip reader;
        Buffer.contents buffer
    | '\\' ->
        skip reader;
        escape reader buffer;
        next ()
    | '\000' .. '\031' -> unexpected reader "the end of a string"
    | '\032' .. '\127' as c ->
        Buffer.add_char buffer c;
        skip reader;
        next ()
    | _ ->
        utf_8 reader buffer;
        next ()
  in
  expect reader '"';
  next ()

(* What stands between two brackets, with commas. *)
let sequence reader close element start =
  let rec more sofar =
    let sofar = element sofar in
    skip_space reader;
    if peek reader = ',' then begin
      skip reader;
      skip_space reader;
      more sofar
    end
    else begin
      expect reader close;
      sofar
    end
  in
  skip reader;
  skip_space reader;
  if peek reader = close then begin
    skip reader;
    start
  end
  else more start

let rec value reader depth =
  skip_space reader;
  let place = { source = reader.from; offset = reader.at } in
  if depth > max_depth then fail reader (Printf.sprintf "nested more than %d deep" max_depth);
  let value =
    match peek reader with
    | '{' -> Object (sequence reader '}' (member reader depth) Members.empty)
    | '[' -> List (List.rev (sequence reader ']' (fun items -> value reader (depth + 1) :: items) []))
    | '"' -> String (characters reader)
    | 't' -> word reader "true" (Bool true)
    | 'f' -> word reader "false" (Bool false)
    | 'n' -> word reader "null" Null
    | '-' | '0' .. '9' -> number reader
    | _ -> unexpected reader "a value"
  in
  { place; value }

and member reader depth members =
  let offset = reader.at in
  let name = characters reader in
  if Members.mem name members then bad { source = reader.from; offset } (Printf.sprintf "second member '%s'" name);
  skip_space reader;
  expect reader ':';
  Members.add name (value reader (depth + 1)) members

let parse ~file ~first_line text =
  let reader = { from = { file; first_line; text }; at = 0 } in
  let result = value reader 0 in
  skip_space reader;
  if not (at_end reader) then unexpected reader "nothing more";
  result

let read file =
  let channel = try open_in_bin file with Sys_error message -> raise (Bad message) in
  let contents = Buffer.create 65536 and chunk = Bytes.create 65536 in
  let rec fill () =
    match input channel chunk 0 (Bytes.length chunk) with
    | 0 -> ()
    | count ->
        Buffer.add_subbytes contents chunk 0 count;
        if Buffer.length contents > max_bytes then raise (Bad (file ^ ": more than a gigabyte"));
        fill ()
    | exception Sys_error message -> raise (Bad (file ^ ": " ^ message))
  in
  Fun.protect ~finally:(fun () -> close_in_noerr channel) fill;
  parse ~file ~first_line:1 (Buffer.contents contents)

(* Forms *)

let kind json =
  match json.value with
  | Null -> "null"
  | Bool _ -> "a truth value"
  | Number _ -> "a number"
  | String _ -> "a string"
  | List _ -> "a list"
  | Object _ -> "an object"

let mismatch what json = bad json.place (Printf.sprintf "expected %s, found %s" what (kind json))
let list json = match json.value with List items -> items | _ -> mismatch "a list" json
let string json = match json.value with String s -> s | _ -> mismatch "a string" json
let members json = match json.value with Object members -> members | _ -> mismatch "an object" json

let member name json =
  match Members.find_opt name (members json) with
  | Some value -> value
  | None -> bad json.place (Printf.sprintf "member '%s' is missing" name)

let natural json =
  match json.value with
  | Number n when Float.is_integer n && n >= 0. && n <= 1e9 -> int_of_float n
  | Number n -> bad json.place (Printf.sprintf "expected a natural number up to a thousand millions, found %g" n)
  | _ -> mismatch "a number" json

let is_null json = json.value = Null

let one_of choices json =
  let found = string json in
  match List.assoc_opt found choices with
  | Some choice -> choice
  | None ->
      let names = String.concat " or " (List.map (fun (name, _) -> "'" ^ name ^ "'") choices) in
      bad json.place (Printf.sprintf "expected %s, found '%s'" names found)

let version known json =
  let found = member "version" json in
  if natural found <> known then
    bad found.place (Printf.sprintf "version %d is not known, only %d" (natural found) known)
