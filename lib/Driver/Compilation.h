//===- Compilation.h - From a .flux file and its nodes to a server ------------------------------------*- C++ -*-===//

#ifndef FLUX_LIB_DRIVER_COMPILATION_H
#define FLUX_LIB_DRIVER_COMPILATION_H

#include "flux/Pipelines/Pipelines.h"
#include "mlir/IR/BuiltinOps.h"
#include <string>
#include <vector>

namespace flux {

/// What to build, and with what.
struct CompilationOptions {
  std::string program;              ///< the .flux (or .mlir) file; "-" is standard input
  std::vector<std::string> nodes;   ///< C and C++ sources
  std::vector<std::string> objects; ///< object files and libraries, linked as they are
  std::string output;
  const ModelInfo *model = nullptr; ///< to check or build for; without it all are checked, and the default is built
  unsigned optLevel = 2;
  bool debug = false;     ///< the server ends where a node breaks its promise not to block
  bool exceptions = true; ///< those that leave C++ nodes become errors
  bool fuse = true;       ///< nodes that clang compiles become part of the flows
  bool strict = false;    ///< more of what `checkServer` finds are warnings
  bool saveTemps = false;
  bool verbose = false;
  using Words = std::vector<std::string>;
  Words cc, cxx;                                  ///< commands; in front of the compiler may stand a launcher as ccache
  std::string clang, clangxx;                     ///< those whose bitcode is read
  std::string triple;                             ///< the machine that the server is for; empty: this one
  std::string runtimeDir, includeDir, libraryDir; ///< the last two as an installation has them
  std::string sanitizerSuffix; ///< in the name of the runtime's archive: that of a sanitizer that wants one of its own
  std::string clangsSanitizer; ///< that one, if its archive calls what only clang links; or empty
  std::vector<std::string> includeDirs; ///< searched for headers that the program includes
  std::vector<std::string> compileFlags, linkFlags;
  std::string dependencyFile;   ///< to be written with the files of which the server is made; empty: none
  std::string dependencyTarget; ///< whose files these are said to be

  /// What a compiler is told of the machine that the server is for. One that is not clang is taken to be that
  /// machine's.
  Words targetFlags(const Words &compiler) const;

  /// A static program needs another runtime, and the linker's help, to find libc's functions behind those of the
  /// runtime.
  bool isStatic() const;
};

/// Reads and proves a program and, if nodes are named, looks in their code for what they wait for besides constraints.
/// Reports to standard error, remarks included, and says on standard output what has been shown; true if there was no
/// error.
bool checkServer(const CompilationOptions &options);

/// Reads a program and writes something about it to `output` ("-" is standard output); true if there was no error.
bool printProgram(llvm::StringRef file, const std::vector<std::string> &includeDirs,
                  mlir::LogicalResult (*write)(mlir::ModuleOp, llvm::raw_ostream &), llvm::StringRef output);

/// Builds the server: header, nodes, flow code, link. Nodes that clang compiles are compiled together with the flows;
/// others become objects, and for a model that asks which nodes may block, clang makes bitcode besides of those that it
/// compiles. Reports to standard error; true if all is well. Files that the options do not ask for are gone afterwards.
bool buildServer(const CompilationOptions &options);

} // namespace flux

#endif // FLUX_LIB_DRIVER_COMPILATION_H
