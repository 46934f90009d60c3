//===- Compilation.cpp - From a .flux file and its nodes to a server ----------------------------------------------===//

#include "Compilation.h"
#include "Command.h"
#include "Dependencies.h"
#include "LinkedFiles.h"
#include "flux/Analysis/LinkedSymbols.h"
#include "flux/Conversion/Passes.h"
#include "flux/Dialect/Flux/IR/Flux.h"
#include "flux/Driver/LoadProgram.h"
#include "flux/Support/Files.h"
#include "flux/Target/Header.h"
#include "flux/Target/Object.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/IR/Diagnostics.h"
#include "mlir/Pass/PassManager.h"
#include "llvm/Demangle/Demangle.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/WithColor.h"
#include <deque>

using namespace mlir;
using namespace flux;
namespace path = llvm::sys::path;

static bool fail(const Twine &message) {
  llvm::WithColor::error(llvm::errs(), "fluxc") << message << "\n";
  return false;
}

CompilationOptions::Words CompilationOptions::targetFlags(const Words &compiler) const {
  bool isClang = compiler.back() == clang || compiler.back() == clangxx;
  return triple.empty() || !isClang ? Words() : Words{"--target=" + triple};
}

bool CompilationOptions::isStatic() const {
  return llvm::any_of(linkFlags, [](StringRef flag) { return flag == "-static" || flag == "-static-pie"; });
}

/// Whether the command runs gcc, by the name of the program that is found.
static bool isGcc(StringRef command) {
  llvm::ErrorOr<std::string> program = llvm::sys::findProgramByName(command);
  SmallString<128> file;
  if (!program || llvm::sys::fs::real_path(*program, file))
    return false;
  StringRef name = path::filename(file);
  return name.contains("gcc") || (name.contains("g++") && !name.contains("clang"));
}

/// Writes a file; false, with an error, if that fails.
static bool save(StringRef file, StringRef contents) {
  std::string error = writeFile(file, contents);
  return error.empty() || fail(error);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Loading
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

/// Prints diagnostics with their source lines, remarks only if they are asked for.
class Reporter {
public:
  Reporter(llvm::SourceMgr &sources, MLIRContext &context, bool remarks) : printer(sources, &context) {
    // Handlers are asked latest first; a success ends the search.
    filter = context.getDiagEngine().registerHandler(
        [remarks](Diagnostic &diag) { return success(diag.getSeverity() == DiagnosticSeverity::Remark && !remarks); });
    engine = &context.getDiagEngine();
  }
  ~Reporter() { engine->eraseHandler(filter); }

private:
  SourceMgrDiagnosticHandler printer;
  DiagnosticEngine *engine;
  DiagnosticEngine::HandlerID filter;
};

/// A program being compiled: its source stays open so that every later stage can show it.
struct LoadedProgram {
  LoadedProgram(bool remarks) : remarks(remarks) {}

  bool load(StringRef file, const std::vector<std::string> &includeDirs);
  bool run(llvm::function_ref<void(OpPassManager &)> build);

  bool remarks;
  MLIRContext context{MLIRContext::Threading::DISABLED};
  std::shared_ptr<llvm::SourceMgr> sources = std::make_shared<llvm::SourceMgr>();
  std::unique_ptr<Reporter> reporter;
  OwningOpRef<ModuleOp> module;
};

} // namespace

bool LoadedProgram::load(StringRef file, const std::vector<std::string> &includeDirs) {
  std::string error;
  std::unique_ptr<llvm::MemoryBuffer> buffer = readFile(file, error);
  if (!buffer)
    return fail(error);
  sources->AddNewSourceBuffer(std::move(buffer), llvm::SMLoc());
  sources->setIncludeDirs(includeDirs);
  DialectRegistry registry;
  registerObjectDialects(registry);
  context.appendDialectRegistry(registry);
  reporter = std::make_unique<Reporter>(*sources, context, remarks);
  module = loadProgram(sources, &context);
  return bool(module);
}

bool LoadedProgram::run(llvm::function_ref<void(OpPassManager &)> build) {
  PassManager passes(&context);
  build(passes);
  return succeeded(passes.run(*module));
}

bool flux::printProgram(StringRef file, const std::vector<std::string> &includeDirs,
                        LogicalResult (*write)(ModuleOp, llvm::raw_ostream &), StringRef output) {
  LoadedProgram program(/*remarks=*/false);
  if (!program.load(file, includeDirs))
    return false;
  std::string text;
  llvm::raw_string_ostream os(text);
  return succeeded(write(*program.module, os)) && save(output, text);
}

//===-------------------------------------------------------------------------------------------------------------===//
// Building
//===-------------------------------------------------------------------------------------------------------------===//

namespace {

/// One run of the compiler. Its temporary files live in a directory that the destructor removes.
class Build {
public:
  Build(const CompilationOptions &options, bool remarks)
      : options(options), model(options.model ? *options.model : defaultModel()), program(remarks) {}
  ~Build();

  bool run();
  bool check();

private:
  bool prove();
  bool checkNodes();
  bool checkNodeFunctions();
  bool createDirectory();
  bool writeHeaderFile();
  std::vector<std::string> compileArguments(StringRef source, StringRef output) const;
  bool isClangs(StringRef source) const;
  bool fuses(StringRef source) const;
  Command *startCompiler(std::vector<std::string> arguments, bool isQuiet = false);
  bool startNodes();
  bool asksForNodeCode();
  void startNodeCode();
  std::vector<std::string> finishNodeCode();
  bool catchesExceptions() const;
  std::vector<std::string> findUnthrowing();
  bool writeProgramObject();
  bool waitForNodes();
  void noteMissingHeader(StringRef source);
  bool namesLibraries() const;
  bool checkObjects();
  bool writeDependencyFile();
  LoweringOptions loweringOptions();
  bool linksCxx() const;
  const CompilationOptions::Words &linker() const;
  std::string runtimeArchive() const;
  std::string findLibrary(StringRef name) const;
  /// A library of which a program has nothing unless it mentions a symbol, and what that library calls.
  struct Extra {
    StringRef symbol, library;
    SmallVector<StringRef, 2> foreign;
  };
  std::vector<Extra> findExtras() const;
  void linkLibraries(std::vector<std::string> &arguments) const;
  bool link();
  CompilationOptions::Words compiler(StringRef source) const;
  bool isCxx(StringRef file) const { return path::extension(file) != ".c"; }
  std::string inDirectory(const Twine &name) const;
  void show(const Twine &step) const;

  const CompilationOptions &options;
  const ModelInfo &model;
  bool isChecking = false; ///< rather than building
  LoadedProgram program;
  std::string name;
  SmallString<128> directory;
  bool removeDirectory = false;
  std::string programObject;
  std::vector<std::string> nodeObjects, fusedNodes;
  std::vector<std::string> separateNodes;   ///< the sources of the objects
  std::vector<std::string> opaqueNodes;     ///< of the objects, those whose bitcode nobody has
  std::vector<std::string> dependencyFiles; ///< of the nodes' compilers
  std::deque<Command> compilers;            ///< all that have been started
  std::vector<Command *> compiles;          ///< of these, those of the nodes
  struct NodeCode {
    std::string source, bitcode;
    Command *command;
  };
  std::vector<NodeCode> nodeCode;
  bool isCodeMissing = false;
};

} // namespace

bool flux::buildServer(const CompilationOptions &options) { return Build(options, options.verbose).run(); }

bool flux::checkServer(const CompilationOptions &options) { return Build(options, /*remarks=*/true).check(); }

Build::~Build() {
  if (!removeDirectory)
    return;
  if (std::error_code error = llvm::sys::fs::remove_directories(directory))
    fail("cannot remove '" + directory + "': " + error.message());
}

bool Build::prove() {
  if (!program.load(options.program, options.includeDirs) || !program.run(buildCheckPipeline))
    return false;
  name = program.module->getSymName().value_or("program").str();
  return true;
}

bool Build::check() {
  isChecking = true;
  if (!prove() || (!options.nodes.empty() && !checkNodes()))
    return false;
  llvm::outs() << name
               << ": flows cannot wait for each other in a circle through Flux constraints alone, provided that "
               << "nodes return\n"
               << name << ": not covered is what nodes wait for themselves, as mutexes, pipes and conditions, "
               << (options.nodes.empty() ? "for which the nodes' sources can be named, too"
                                         : "where their code does not show it")
               << "\n";
  return true;
}

bool Build::checkNodes() {
  if (!createDirectory() || !writeHeaderFile() || !startNodes() || !waitForNodes())
    return false;
  return checkNodeFunctions() && program.run([&](OpPassManager &passes) {
    buildWaitPipeline(passes, fusedNodes, options.model, options.strict);
  });
}

/// Whether the nodes are the functions that the program calls, as building would find.
bool Build::checkNodeFunctions() {
  OwningOpRef<ModuleOp> lowered = program.module->clone();
  PassManager passes(&program.context);
  passes.addPass(createConvertFluxToLLVM());
  llvm::LLVMContext llvmContext;
  ObjectOptions objectOptions;
  objectOptions.nodes = fusedNodes;
  std::vector<std::string> undefined;
  if (failed(passes.run(*lowered)) || failed(flux::checkNodes(*lowered, llvmContext, objectOptions, undefined)))
    return false;
  for (const std::string &function : undefined)
    llvm::outs() << name << ": no source given defines " << function << "\n";
  return true;
}

bool Build::run() {
  if (!prove())
    return false;
  if (program.module->getOps<SourceOp>().empty())
    return fail("'" + options.program + "' has no source, so its server would have nothing to do");
  if (options.nodes.empty() && options.objects.empty() && options.linkFlags.empty())
    return fail("'" + options.program + "' is made of functions that nothing given defines; name their sources or " +
                "objects, too, as in 'fluxc " + options.program + " nodes.cpp'");
  if (!options.clangsSanitizer.empty() && isGcc(linker().back()))
    return fail("'-fsanitize=" + options.clangsSanitizer +
                "' needs a server that clang links, since its runtime calls " +
                "what only clang's sanitizer has, and '" + linker().back() + "' is gcc");
  if (!createDirectory() || !writeHeaderFile() || !startNodes())
    return false;
  startNodeCode();
  // Objects are made while this process works on the flows; bitcode it has to wait for, and symbols.
  if ((!fusedNodes.empty() || !opaqueNodes.empty()) && !waitForNodes()) {
    finishNodeCode();
    return false;
  }
  bool haveProgram = writeProgramObject();
  bool haveNodes = waitForNodes();
  return haveProgram && haveNodes && checkObjects() && link() && writeDependencyFile();
}

void Build::show(const Twine &step) const {
  if (options.verbose)
    llvm::errs() << "fluxc: " << step << "\n";
}

std::string Build::inDirectory(const Twine &file) const {
  SmallString<128> result = directory;
  path::append(result, file);
  return result.str().str();
}

bool Build::createDirectory() {
  if (options.saveTemps) {
    directory = path::parent_path(options.output);
    if (directory.empty())
      directory = ".";
    return true;
  }
  if (std::error_code error = llvm::sys::fs::createUniqueDirectory("fluxc", directory))
    return fail("cannot make a temporary directory: " + error.message());
  removeDirectory = true;
  return true;
}

/// Leaves a header alone that is as it should be, so that what was compiled with it is not older.
bool Build::writeHeaderFile() {
  std::string file = inDirectory(name + ".flux.h"), text;
  llvm::raw_string_ostream os(text);
  if (failed(writeHeader(*program.module, os)))
    return false;
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> existing = llvm::MemoryBuffer::getFile(file);
  if (existing && (*existing)->getBuffer() == text)
    return true;
  show("write " + file);
  return save(file, text);
}

/// Whether a flag is for the compiler of this language: each refuses the standards of the other one. What is no
/// standard of either goes to both, to be refused.
static bool suits(StringRef flag, bool isCxx) {
  if (!flag.consume_front("-std="))
    return true;
  bool isStandardOfCxx = flag.contains("++");
  bool isStandardOfC =
      !isStandardOfCxx && (flag.starts_with("c") || flag.starts_with("gnu") || flag.starts_with("iso"));
  return isCxx ? !isStandardOfC : !isStandardOfCxx;
}

/// What every compiler of a node is asked for.
std::vector<std::string> Build::compileArguments(StringRef source, StringRef output) const {
  StringRef here = path::parent_path(options.program);
  std::vector<std::string> arguments = {"-c", source.str(), "-o", output.str(), "-I" + directory.str().str(),
                                        "-I" + (here.empty() ? std::string(".") : here.str()),
                                        "-I" + options.includeDir,
                                        // A frame may be larger than the guard of a stack.
                                        "-fstack-clash-protection",
                                        // What a node returns decides how its flow goes on.
                                        "-Werror=return-type"};
  llvm::append_range(arguments, options.targetFlags(isCxx(source) ? options.cxx : options.cc));
  llvm::copy_if(options.compileFlags, std::back_inserter(arguments),
                [&](StringRef flag) { return suits(flag, isCxx(source)); });
  return arguments;
}

/// The compiler of this source, with what is in front of its arguments. Checking is clang's.
CompilationOptions::Words Build::compiler(StringRef source) const {
  if (isChecking)
    return {isCxx(source) ? options.clangxx : options.clang};
  return isCxx(source) ? options.cxx : options.cc;
}

/// Whether the compiler of this source is the one whose bitcode this compiler reads.
bool Build::isClangs(StringRef source) const {
  return isCxx(source) ? options.cxx.back() == options.clangxx : options.cc.back() == options.clang;
}

/// Whether the nodes of this source become part of the flows: where this compiler reads what their compiler makes of
/// them, and nobody has asked for something that happens in between.
bool Build::fuses(StringRef source) const {
  auto interferes = [](StringRef flag) {
    return flag.starts_with("-fsanitize") || flag.starts_with("-flto") || flag.starts_with("-fprofile") ||
           flag.starts_with("-fcoverage");
  };
  if (isChecking)
    return true;
  return options.fuse && options.optLevel > 0 && isClangs(source) && llvm::none_of(options.compileFlags, interferes);
}

/// Starts a compiler; as many run at once as there are processors. Returns null if it could not be started.
Command *Build::startCompiler(std::vector<std::string> arguments, bool isQuiet) {
  const size_t processors = llvm::hardware_concurrency().compute_thread_count();
  if (compilers.size() >= processors)
    compilers[compilers.size() - processors].wait();
  Command &command = compilers.emplace_back(std::move(arguments), isQuiet);
  show(command.str());
  if (command.start())
    return &command;
  compilers.pop_back();
  return nullptr;
}

bool Build::startNodes() {
  for (const std::string &source : options.nodes) {
    bool fused = fuses(source);
    std::vector<std::string> &outputs = fused ? fusedNodes : nodeObjects;
    // Two sources may share a base name.
    std::string output = inDirectory(path::stem(source) + "." + Twine(compiles.size()) + (fused ? ".bc" : ".o"));
    outputs.push_back(output);
    if (!fused)
      separateNodes.push_back(source);
    std::vector<std::string> arguments = compiler(source);
    // Remarks name lines of the nodes. In front, since a -g of the user's asks for more. Of DWARF 5, gdb 13 does not
    // find what one unit has inlined from another.
    if (fused)
      llvm::append_range(arguments, std::initializer_list<StringRef>{"-emit-llvm", "-gdwarf-4", "-gline-tables-only"});
    llvm::append_range(arguments, compileArguments(source, output));
    if (!options.dependencyFile.empty()) {
      dependencyFiles.push_back(inDirectory(path::stem(source) + "." + Twine(compiles.size()) + ".d"));
      llvm::append_range(arguments, std::initializer_list<StringRef>{"-MD", "-MF", dependencyFiles.back()});
    }
    Command *command = startCompiler(std::move(arguments));
    if (!command)
      return waitForNodes() && false;
    compiles.push_back(command);
  }
  return true;
}

/// Whether it matters which nodes may block: to locks, or to promises.
bool Build::asksForNodeCode() {
  auto promises = [](NodeOp node) { return node.getBlocking() == Blocking::Nonblocking; };
  return model.has(ModelTrait::Loops) &&
         (!program.module->getOps<LockOp>().empty() || llvm::any_of(program.module->getOps<NodeOp>(), promises));
}

/// Nodes that are no part of the flows are compiled once more, to bitcode: what it shows goes for the object, since the
/// compiler, its options and the macros are the same. What it has to say it says when it makes the object.
void Build::startNodeCode() {
  if (!asksForNodeCode())
    return;
  for (auto [source, object] : llvm::zip_equal(separateNodes, nodeObjects)) {
    if (!isClangs(source)) {
      show("'" + (isCxx(source) ? options.cxx : options.cc).back() + "' compiles '" + source +
           "', not clang, so its nodes may block unless they are declared not to");
      opaqueNodes.push_back(object);
      continue;
    }
    std::string bitcode = inDirectory(path::stem(source) + "." + Twine(nodeCode.size()) + ".code.bc");
    std::vector<std::string> arguments = isCxx(source) ? options.cxx : options.cc;
    llvm::append_range(arguments, std::initializer_list<StringRef>{"-emit-llvm", "-gdwarf-4", "-gline-tables-only"});
    llvm::append_range(arguments, compileArguments(source, bitcode));
    arguments.push_back("-w");
    if (Command *command = startCompiler(std::move(arguments), /*isQuiet=*/true))
      nodeCode.push_back({source, bitcode, command});
  }
}

/// Waits for the nodes' bitcode.
std::vector<std::string> Build::finishNodeCode() {
  std::vector<std::string> files = fusedNodes;
  for (NodeCode &code : nodeCode) {
    if (code.command->wait())
      files.push_back(code.bitcode);
    else
      isCodeMissing = true;
  }
  return files;
}

LoweringOptions Build::loweringOptions() {
  LoweringOptions lowering;
  lowering.model = &model;
  lowering.debug = options.debug;
  lowering.exceptions = catchesExceptions();
  lowering.nodes = finishNodeCode();
  if (!asksForNodeCode())
    return lowering;
  LinkedFiles linked = findLinkedFiles(options, linker());
  lowering.linked = std::move(linked.files);
  llvm::append_range(lowering.linked, opaqueNodes);
  lowering.unseen = isCodeMissing || !linked.unseen.empty();
  if (!linked.unseen.empty())
    show("cannot look into '" + linked.unseen + "', so what calls a library may block");
  return lowering;
}

bool Build::writeProgramObject() {
  programObject = inDirectory(name + ".flux.o");
  LoweringOptions lowering = loweringOptions();
  auto lookForWaits = [&](OpPassManager &passes) {
    buildWaitPipeline(passes, lowering.nodes, &model, /*strict=*/false);
  };
  if (!lowering.nodes.empty() && !program.run(lookForWaits))
    return false;
  show("compile " + options.program + " to " + programObject);
  if (!program.run([&](OpPassManager &passes) { buildLoweringPipeline(passes, lowering); }))
    return false;
  llvm::LLVMContext llvmContext;
  bool nodesAreAll = nodeObjects.empty() && options.objects.empty() && !namesLibraries();
  ObjectOptions objectOptions{options.triple, options.optLevel, fusedNodes, nodesAreAll, findUnthrowing()};
  std::unique_ptr<llvm::Module> module = translateToLLVM(*program.module, llvmContext, objectOptions);
  llvm::SmallVector<char, 0> bytes;
  llvm::raw_svector_ostream os(bytes);
  return module && succeeded(writeObject(*program.module, *module, objectOptions, os)) && save(programObject, os.str());
}

/// Whether exceptions can come that are to become errors. Where the C++ library is not linked, nobody can throw one.
bool Build::catchesExceptions() const { return options.exceptions && linksCxx(); }

/// What the objects define that C compilers have made: no exception leaves it, unless the user has asked for that.
/// Other objects may be of any language, and bitcode says it by itself.
std::vector<std::string> Build::findUnthrowing() {
  if (!catchesExceptions() || llvm::is_contained(options.compileFlags, "-fexceptions"))
    return {};
  LinkedSymbols symbols;
  for (auto [source, object] : llvm::zip_equal(separateNodes, nodeObjects))
    if (!isCxx(source) && waitForNodes())
      symbols.add(object); // what cannot be read is not known
  std::vector<StringRef> names = symbols.definitionsEndingIn("");
  return std::vector<std::string>(names.begin(), names.end());
}

bool Build::waitForNodes() {
  bool ok = true;
  for (auto [command, source] : llvm::zip_first(compiles, options.nodes)) {
    if (command->wait())
      continue;
    ok = false;
    noteMissingHeader(source);
  }
  compiles.clear();
  return ok;
}

/// Of a source that names what the generated header declares without including it, its compiler says that it knows none
/// of it; not where that comes from.
void Build::noteMissingHeader(StringRef source) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> text = llvm::MemoryBuffer::getFile(source);
  std::string named;
  for (NodeOp node : program.module->getOps<NodeOp>())
    for (StringRef suffix : {"_out", "_in"})
      if (std::string type = (node.getName() + suffix).str();
          named.empty() && text && (*text)->getBuffer().contains(type))
        named = type;
  if (named.empty())
    return;
  std::vector<std::string> arguments = compiler(source);
  llvm::append_range(arguments, compileArguments(source, "-"));
  arguments.push_back("-M");
  const std::string header = name + ".flux.h", read = Command(std::move(arguments), /*isQuiet=*/true).output();
  if (!read.empty() && !StringRef(read).contains(header))
    llvm::errs() << "fluxc: note: '" << source << "' does not include '" << header << "', which declares '" << named
                 << "'\n";
}

bool Build::namesLibraries() const {
  return llvm::any_of(options.linkFlags, [](StringRef flag) { return flag.starts_with("-l"); });
}

/// Whether objects and libraries define what the program needs, where it can be known. The linker would say it, too,
/// but not what may have been meant.
bool Build::checkObjects() {
  LinkedFiles linked = findLinkedFiles(options, linker());
  if (!linked.unseen.empty())
    return true;
  LinkedSymbols symbols;
  std::vector<std::string> files = nodeObjects;
  files.push_back(programObject);
  llvm::append_range(files, linked.files);
  for (const std::string &file : files)
    if (!symbols.add(file).empty())
      return true; // The linker says it.
  std::vector<Definition> definitions;
  bool ok = true;
  for (LLVM::LLVMFuncOp function : program.module->getOps<LLVM::LLVMFuncOp>()) {
    StringRef name = function.getName();
    if (!function.isExternal() || name.starts_with("flux_") || name.starts_with("__") || symbols.mayDefine(name))
      continue;
    if (definitions.empty())
      for (StringRef symbol : symbols.definitionsEndingIn(""))
        definitions.push_back({symbol.str(), "'" + llvm::demangle(symbol) + "'"});
    llvm::sort(definitions, [](const Definition &a, const Definition &b) { return a.symbol < b.symbol; });
    mlir::emitError(function.getLoc()) << "no source, object or library defines '" << name << "'"
                                       << suggestDefinition(*program.module, name, definitions);
    ok = false;
  }
  return ok;
}

/// A server whose nodes are all in C links without the C++ library.
bool Build::linksCxx() const {
  return llvm::any_of(options.nodes, [&](const std::string &file) { return isCxx(file); }) || !options.objects.empty();
}

const CompilationOptions::Words &Build::linker() const { return linksCxx() ? options.cxx : options.cc; }

static std::string archiveIn(StringRef directory, const Twine &name) {
  SmallString<128> archive(directory);
  path::append(archive, "libflux-" + name + ".a");
  return archive.str().str();
}

std::string Build::runtimeArchive() const {
  return archiveIn(options.runtimeDir, model.name + (options.isStatic() ? "-static" : options.sanitizerSuffix));
}

/// A library on top of the runtime: that beside it, or, since a directory that --runtime-dir names may hold nothing but
/// runtimes, the one that fluxc came with. Empty if there is none.
std::string Build::findLibrary(StringRef name) const {
  std::string file = archiveIn(options.runtimeDir, name + options.sanitizerSuffix);
  if (!llvm::sys::fs::exists(file) && options.triple.empty())
    file = archiveIn(options.libraryDir, name + options.sanitizerSuffix);
  return llvm::sys::fs::exists(file) ? file : "";
}

/// What something that is linked asks the libraries on top of the runtime for.
std::vector<Build::Extra> Build::findExtras() const {
  LinkedSymbols symbols;
  std::vector<std::string> files = nodeObjects;
  files.push_back(programObject);
  llvm::append_range(files, findLinkedFiles(options, linker()).files);
  for (const std::string &file : files)
    symbols.add(file); // what cannot be read, the linker says
  std::vector<Extra> extras;
  for (const Extra &extra :
       {Extra{"flux_http2", "http2", {"-lnghttp2"}}, Extra{"flux_tls_load", "tls", {"-lssl", "-lcrypto"}}})
    if (symbols.mentions(extra.symbol))
      extras.push_back(extra);
  return extras;
}

/// The libraries on top of the runtime, of which the linker takes what the nodes call. Only a server with TLS needs
/// OpenSSL, and only one with HTTP/2 nghttp2, and only these to be built.
void Build::linkLibraries(std::vector<std::string> &arguments) const {
  std::vector<std::string> foreign;
  for (const Extra &extra : findExtras())
    if (std::string library = findLibrary(extra.library); !library.empty()) {
      arguments.push_back(library);
      llvm::append_range(foreign, extra.foreign);
    }
  for (StringRef name : {"net", "http"})
    if (std::string library = findLibrary(name); !library.empty())
      arguments.push_back(library);
  llvm::append_range(arguments, foreign);
}

bool Build::link() {
  SmallString<128> archive(runtimeArchive());
  if (!llvm::sys::fs::exists(archive))
    return fail("the runtime '" + archive + "' is missing; --runtime-dir=DIR names another directory");

  std::vector<std::string> arguments = linker();
  llvm::append_range(arguments, options.targetFlags(linker()));
  llvm::append_range(arguments, std::initializer_list<StringRef>{"-o", options.output, programObject});
  llvm::append_range(arguments, nodeObjects);
  llvm::append_range(arguments, options.objects);
  // Libraries of the user's call ours, as the nodes do. Theirs come behind, whose functions the runtime stands in for;
  // only what is linked statically has to be before it.
  arguments.emplace_back("-Wl,--start-group");
  linkLibraries(arguments);
  if (options.isStatic())
    llvm::append_range(arguments, options.linkFlags);
  arguments.push_back(archive.str().str());
  if (!options.isStatic())
    llvm::append_range(arguments, options.linkFlags);
  arguments.emplace_back("-Wl,--end-group");
  if (options.isStatic()) {
    path::replace_extension(archive, "opts");
    arguments.push_back(("-Wl,@" + archive).str());
  } else {
    // Backtraces of the runtime name functions by the dynamic symbol table.
    arguments.push_back("-rdynamic");
  }
  arguments.push_back("-lpthread");
  Command command(std::move(arguments));
  show(command.str());
  return command.start() && command.wait();
}

/// Writes of which files the server is made: those that are named, and the headers that the nodes' compilers have read,
/// but for the one that is made of the program.
bool Build::writeDependencyFile() {
  if (options.dependencyFile.empty())
    return true;
  std::vector<std::string> files = {options.program};
  llvm::append_range(files, options.nodes);
  llvm::append_range(files, options.objects);
  for (const std::string &file : dependencyFiles) {
    std::string error;
    std::unique_ptr<llvm::MemoryBuffer> rule = readFile(file, error);
    if (!rule)
      return fail(error);
    for (const std::string &read : readDependencies(rule->getBuffer()))
      if (path::filename(read) != name + ".flux.h")
        files.push_back(read);
    if (std::error_code error = options.saveTemps ? llvm::sys::fs::remove(file) : std::error_code())
      return fail("cannot remove '" + file + "': " + error.message());
  }
  files.push_back(runtimeArchive());
  return save(options.dependencyFile, writeDependencies(options.dependencyTarget, files));
}
