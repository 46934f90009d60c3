//===- FluxcOptions.td - The command line of fluxc ----------------------------------------------------------------===//

include "llvm/Option/OptParser.td"

def flux_group : OptionGroup<"<flux>">, HelpText<"OPTIONS">;
def compile_group : OptionGroup<"<compile>">, HelpText<"PASSED ON TO THE COMPILER OF THE NODES">;
def both_group : OptionGroup<"<both>">, HelpText<"PASSED ON TO THE COMPILER OF THE NODES AND TO THE LINKER">;
def link_group : OptionGroup<"<link>">, HelpText<"PASSED ON TO THE LINKER">;

class Own<list<string> prefixes, string name, OptionKind kind> : Option<prefixes, name, kind>, Group<flux_group>;

def output : Own<["-"], "o", KIND_JOINED_OR_SEPARATE>, MetaVarName<"FILE">,
             HelpText<"write the server to FILE; the name of the .flux file without it">;
def model : Own<["--"], "model=", KIND_JOINED>, MetaVarName<"MODEL">, HelpText<"the execution model, one of those above">;
def model_separate : Own<["--"], "model", KIND_SEPARATE>, Alias<model>;
def strict : Own<["--"], "strict", KIND_FLAG>,
             HelpText<"with check: warn of each constraint that a node holds while it waits for the network or a pipe">;
def save_temps : Own<["--", "-"], "save-temps", KIND_FLAG>,
                 HelpText<"keep the generated header and the object files beside the output">;
def no_fuse : Own<["--"], "no-fuse", KIND_FLAG>,
              HelpText<"compile nodes on their own, even where clang could make them part of the flows">;
def no_exceptions : Own<["--"], "no-exceptions", KIND_FLAG>,
                    HelpText<"let a C++ exception that leaves a node end the server; without it, it is an error of the node">;
def verbose : Own<["-", "--"], "v", KIND_FLAG>, HelpText<"show each step and each remark of the compiler">;
def verbose_long : Own<["--"], "verbose", KIND_FLAG>, Alias<verbose>;
def cxx : Own<["--"], "cxx=", KIND_JOINED>, MetaVarName<"COMMAND">,
          HelpText<"C++ compiler of the nodes, or 'ccache' and one; $CXX, clang++-22, clang++ or g++ without it">;
def cc : Own<["--"], "cc=", KIND_JOINED>, MetaVarName<"COMMAND">,
         HelpText<"C compiler of the nodes, or 'ccache' and one; $CC, clang-22, clang or gcc without it">;
def MD : Own<["-"], "MD", KIND_FLAG>, HelpText<"write down for make or ninja of which files the server is made, in a file with its name and .d">;
def MF : Own<["-"], "MF", KIND_JOINED_OR_SEPARATE>, MetaVarName<"FILE">, HelpText<"in FILE instead">;
def MT : Own<["-"], "MT", KIND_JOINED_OR_SEPARATE>, MetaVarName<"TARGET">, HelpText<"as those of TARGET instead of the server's">;
def target : Own<["--"], "target=", KIND_JOINED>, MetaVarName<"TRIPLE">,
             HelpText<"make a server for another machine, aarch64-linux-gnu for example, whose runtime --runtime-dir= names">;
def runtime_dir : Own<["--"], "runtime-dir=", KIND_JOINED>, MetaVarName<"DIR">,
                  HelpText<"where libflux-MODEL.a is; 'lib' beside the directory of fluxc without it">;
def net : Own<["--"], "net", KIND_SEPARATE>, MetaVarName<"KIND">,
          HelpText<"with init: a server of flux/net, echo, http or udp">;
def net_joined : Own<["--"], "net=", KIND_JOINED>, Alias<net>;
def help : Own<["--", "-"], "help", KIND_FLAG>, HelpText<"show this text">;
def help_short : Own<["-"], "h", KIND_FLAG>, Alias<help>;
def version : Own<["--"], "version", KIND_FLAG>, HelpText<"show the version">;

class Compile<string name, OptionKind kind> : Option<["-"], name, kind>, Group<compile_group>;
def I : Compile<"I", KIND_JOINED_OR_SEPARATE>, MetaVarName<"DIR">, HelpText<"search DIR for headers, also those that the .flux file includes">;
def D : Compile<"D", KIND_JOINED_OR_SEPARATE>, MetaVarName<"MACRO">, HelpText<"define MACRO">;
def U : Compile<"U", KIND_JOINED_OR_SEPARATE>;
def include_file : Compile<"include", KIND_SEPARATE>;
def isystem : Compile<"isystem", KIND_JOINED_OR_SEPARATE>;
def language : Compile<"std=", KIND_JOINED>, MetaVarName<"STANDARD">, HelpText<"language standard; one of C++ for the nodes in C++, one of C for those in C">;
def W : Compile<"W", KIND_JOINED>, MetaVarName<"WARNING">, HelpText<"turn a warning on or off">;

class Both<string name, OptionKind kind> : Option<["-"], name, kind>, Group<both_group>;
def O : Both<"O", KIND_JOINED>, MetaVarName<"LEVEL">, HelpText<"optimisation level, 2 without it; 0 and g make a debug build, which ends where a node breaks its promise not to block">;
def g : Both<"g", KIND_JOINED>, HelpText<"debug information">;
def f : Both<"f", KIND_JOINED>, MetaVarName<"FLAG">, HelpText<"for example -fsanitize=thread, for which there is a runtime, too">;
def m : Both<"m", KIND_JOINED>, MetaVarName<"FLAG">, HelpText<"for example -march=native">;
def pthread : Both<"pthread", KIND_FLAG>;
def sysroot : Option<["--"], "sysroot=", KIND_JOINED>, Group<both_group>, MetaVarName<"DIR">,
              HelpText<"where headers and libraries of another machine are">;

class Link<string name, OptionKind kind> : Option<["-"], name, kind>, Group<link_group>;
def l : Link<"l", KIND_JOINED_OR_SEPARATE>, MetaVarName<"LIBRARY">, HelpText<"link LIBRARY">;
def L : Link<"L", KIND_JOINED_OR_SEPARATE>, MetaVarName<"DIR">, HelpText<"search DIR for libraries">;
def Wl : Link<"Wl,", KIND_JOINED>, MetaVarName<"FLAGS">, HelpText<"flags for the linker">;
def static_link : Link<"static", KIND_FLAG>, HelpText<"make a server that needs no libraries to run">;
def static_pie : Link<"static-pie", KIND_FLAG>, HelpText<"the same, at any address">;
def fuse_ld : Link<"fuse-ld=", KIND_JOINED>;
def rdynamic : Link<"rdynamic", KIND_FLAG>;
