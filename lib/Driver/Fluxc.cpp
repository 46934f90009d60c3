//===- Fluxc.cpp - The fluxc tool ---------------------------------------------------------------------------------===//

#include "flux/Driver/Fluxc.h"
#include "Compilation.h"
#include "FluxcOptions.h"
#include "NewServer.h"
#include "Sanitizers.h"
#include "flux/Support/Files.h"
#include "flux/Target/Dot.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/InitLLVM.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/StringSaver.h"
#include "llvm/Support/WithColor.h"
#include "llvm/TargetParser/Host.h"
#include "llvm/TargetParser/Triple.h"

using namespace flux;
using llvm::StringRef;
using llvm::Twine;
namespace path = llvm::sys::path;

static int fail(const Twine &message) {
  llvm::WithColor::error(llvm::errs(), "fluxc") << message << "\n";
  return EXIT_FAILURE;
}

//===-------------------------------------------------------------------------------------------------------------===//
// Help
//===-------------------------------------------------------------------------------------------------------------===//

static void printHelp() {
  llvm::raw_ostream &os = llvm::outs();
  os << "fluxc makes a server out of a .flux file and the C or C++ functions that it composes.\n\n"
        "USAGE: fluxc SERVER.flux NODES.cpp ... [options]     build the server\n"
        "       fluxc check SERVER.flux [NODES.cpp ...]       only check it: that no flows wait for each other in a\n"
        "                                                     circle through constraints, and of the nodes named,\n"
        "                                                     mutexes and other waits that their code shows\n"
        "       fluxc graph SERVER.flux [-o FILE]             draw it for Graphviz: | dot -Tsvg > server.svg\n"
        "       fluxc init NAME                               write a small server to start from\n"
        "       fluxc init --net echo|http|udp [NAME]         the same with clients\n\n"
        "NODES may be C and C++ sources, object files and libraries. A source includes \"SERVER.flux.h\",\n"
        "which fluxc writes and finds; fluxc --save-temps keeps a copy to read.\n\n"
        "MODELS (--model=)\n";
  for (const ModelInfo &info : allModels())
    os << "  " << llvm::left_justify(info.name, 22) << info.summary
       << (&info == &defaultModel() ? " (default)\n" : "\n");
  os << "\n";
  for (auto [title, group] :
       {std::pair("OPTIONS", OPT_flux_group), std::pair("FOR THE NODES", OPT_compile_group),
        std::pair("FOR NODES AND LINK", OPT_both_group), std::pair("FOR THE LINK", OPT_link_group)}) {
    os << title << "\n";
    for (unsigned id = 1; id <= fluxcOptions().getNumOptions(); ++id) {
      llvm::opt::Option option = fluxcOptions().getOption(id);
      if (!option.getGroup().isValid() || option.getGroup().getID() != unsigned(group) ||
          !fluxcOptions().getOptionHelpText(id))
        continue;
      std::string name = option.getPrefixedName().str();
      if (const char *meta = fluxcOptions().getOptionMetaVar(id)) {
        bool joined = option.getKind() == llvm::opt::Option::JoinedClass;
        name += (joined ? "" : " ") + std::string(meta);
      }
      os << "  " << llvm::left_justify(name, 22) << fluxcOptions().getOptionHelpText(id) << "\n";
    }
    os << "\n";
  }
  os << "The server itself lists its options with --flux-help.\n";
}

//===-------------------------------------------------------------------------------------------------------------===//
// Building
//===-------------------------------------------------------------------------------------------------------------===//

/// The first of several programs that is installed.
static std::string findTool(std::initializer_list<const char *> names) {
  for (const char *name : names)
    if (llvm::sys::findProgramByName(name))
      return name;
  return *names.begin();
}

/// The words of a compiler's command, split as a shell does: in front of the compiler may stand a launcher as ccache.
static std::vector<std::string> chooseCompiler(const llvm::opt::ArgList &args, FluxcOption option, const char *variable,
                                               std::initializer_list<const char *> names) {
  const char *environment = std::getenv(variable);
  StringRef command = args.getLastArgValue(option, environment ? environment : "");
  llvm::BumpPtrAllocator allocator;
  llvm::StringSaver saver(allocator);
  llvm::SmallVector<const char *> words;
  llvm::cl::TokenizeGNUCommandLine(command, saver, words);
  if (words.empty())
    return {findTool(names)};
  return std::vector<std::string>(words.begin(), words.end());
}

/// Sorts the inputs by what they are. Returns an empty string, or what is wrong.
static std::string sortInputs(const std::vector<std::string> &inputs, CompilationOptions &options) {
  for (const std::string &input : inputs) {
    StringRef extension = path::extension(input);
    if (extension == ".flux" || extension == ".mlir") {
      if (!options.program.empty())
        return "two programs, '" + options.program + "' and '" + input + "'; a server has one";
      options.program = input;
    } else if (extension == ".c" || extension == ".cc" || extension == ".cpp" || extension == ".cxx" ||
               extension == ".C") {
      options.nodes.push_back(input);
    } else if (extension == ".o" || extension == ".a" || path::filename(input).contains(".so")) {
      options.objects.push_back(input);
    } else {
      return "cannot tell what '" + input + "' is: expected .flux, .c, .cpp, .o, .a or .so";
    }
    if (!llvm::sys::fs::exists(input))
      return "no such file: '" + input + "'";
    if (std::string reason = whyUnreadable(input); !reason.empty())
      return (Twine("cannot read '") + input + "': " + reason).str();
  }
  return options.program.empty() ? "no .flux file; fluxc --help shows how to call it" : "";
}

static void collectFlags(const llvm::opt::ArgList &args, CompilationOptions &options) {
  options.includeDirs = args.getAllArgValues(OPT_I);
  options.compileFlags = {"-O2"};
  for (const llvm::opt::Arg *arg : args) {
    unsigned group =
        arg->getOption().getGroup().isValid() ? arg->getOption().getGroup().getID() : unsigned(OPT_INVALID);
    bool both = group == OPT_both_group;
    // Not getAsString(): an option and its value may be two arguments.
    llvm::opt::ArgStringList flags;
    arg->render(args, flags);
    if (both || group == OPT_compile_group)
      llvm::append_range(options.compileFlags, flags);
    if (both || group == OPT_link_group)
      llvm::append_range(options.linkFlags, flags);
  }
  if (const llvm::opt::Arg *argument = args.getLastArg(OPT_O)) {
    StringRef level = argument->getValue();
    options.optLevel = level == "0" ? 0 : level == "1" || level == "g" ? 1 : level == "3" ? 3 : 2;
    options.debug = level == "0" || level == "g";
  }
}

/// Chooses the runtime that what is asked of the compilers goes with. Returns an empty string, or why there is none.
static std::string chooseRuntime(StringRef toolDir, CompilationOptions &options) {
  if (!options.triple.empty() && options.runtimeDir.empty() &&
      llvm::Triple(options.triple).getArch() != llvm::Triple(llvm::sys::getDefaultTargetTriple()).getArch())
    return "the runtime beside fluxc is not for '" + options.triple + "'; --runtime-dir=DIR names one that is";
  if (options.runtimeDir.empty())
    options.runtimeDir = (toolDir + "/../lib").str();
  SanitizedRuntime runtime = findSanitizedRuntime(options.compileFlags);
  if (!runtime.refused.empty())
    return "there is no runtime for '-fsanitize=" + runtime.refused +
           "', which wants all of a program to be built with it; address, thread, undefined and leak go with servers";
  if (!runtime.suffix.empty() && options.isStatic())
    return "'-static' does not go with '-fsanitize=" + runtime.name +
           "', which stands in for functions of libc as the dynamic linker finds them";
  options.sanitizerSuffix = runtime.suffix;
  options.clangsSanitizer = runtime.isClangs ? runtime.name : "";
  return "";
}

/// Reads what the options say. Returns an empty string, or what is wrong.
static std::string readOptions(const llvm::opt::InputArgList &args, StringRef toolDir, CompilationOptions &options) {
  if (const llvm::opt::Arg *model = args.getLastArg(OPT_model)) {
    options.model = findModel(model->getValue());
    if (!options.model)
      return std::string("unknown model '") + model->getValue() + "'; the models are " + modelNames();
  }
  options.output = args.getLastArgValue(OPT_output, path::stem(options.program)).str();
  options.fuse = !args.hasArg(OPT_no_fuse);
  options.exceptions = !args.hasArg(OPT_no_exceptions);
  options.strict = args.hasArg(OPT_strict);
  options.saveTemps = args.hasArg(OPT_save_temps);
  options.verbose = args.hasArg(OPT_verbose);
  options.cxx = chooseCompiler(args, OPT_cxx, "CXX", {"clang++-22", "clang++", "g++"});
  options.cc = chooseCompiler(args, OPT_cc, "CC", {"clang-22", "clang", "gcc"});
  options.clangxx = findTool({"clang++-22", "clang++"});
  options.clang = findTool({"clang-22", "clang"});
  options.triple = args.getLastArgValue(OPT_target).str();
  options.runtimeDir = args.getLastArgValue(OPT_runtime_dir).str();
  options.includeDir = (toolDir + "/../include").str();
  options.libraryDir = (toolDir + "/../lib").str();
  if (args.hasArg(OPT_MD) || args.hasArg(OPT_MF))
    options.dependencyFile = args.getLastArgValue(OPT_MF, options.output + ".d").str();
  options.dependencyTarget = args.getLastArgValue(OPT_MT, options.output).str();
  collectFlags(args, options);
  options.includeDirs.push_back(options.includeDir); // last, as for the nodes
  return "";
}

static int build(const llvm::opt::InputArgList &args, StringRef toolDir) {
  CompilationOptions options;
  std::string problem = sortInputs(args.getAllArgValues(OPT_INPUT), options);
  if (problem.empty())
    problem = readOptions(args, toolDir, options);
  if (problem.empty())
    problem = chooseRuntime(toolDir, options);
  if (!problem.empty())
    return fail(problem);
  return buildServer(options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

//===-------------------------------------------------------------------------------------------------------------===//
// The other commands
//===-------------------------------------------------------------------------------------------------------------===//

/// One of a kind of flux/net may do without a name of its own.
static int initServer(llvm::ArrayRef<std::string> operands, const llvm::opt::InputArgList &args) {
  std::string kind = args.getLastArgValue(OPT_net).str();
  if (operands.size() > 1 || (operands.empty() && kind.empty()))
    return fail("'fluxc init' takes one name");
  std::string problem = writeNewServer(operands.empty() ? kind : operands[0], kind);
  return problem.empty() ? EXIT_SUCCESS : fail(problem);
}

static int check(const llvm::opt::InputArgList &args, StringRef toolDir, const std::vector<std::string> &inputs) {
  CompilationOptions options;
  // The program may have any name, and be standard input.
  options.program = inputs.front();
  std::string problem = sortInputs({inputs.begin() + 1, inputs.end()}, options);
  if (problem.empty())
    problem = readOptions(args, toolDir, options);
  if (problem.empty() && !options.objects.empty())
    problem = "'fluxc check' looks at sources, and '" + options.objects.front() + "' is none";
  if (!problem.empty())
    return fail(problem);
  return checkServer(options) ? EXIT_SUCCESS : EXIT_FAILURE;
}

/// Runs the subcommand `name`; nothing if it is none.
static std::optional<int> runSubcommand(StringRef name, llvm::ArrayRef<std::string> operands,
                                        const llvm::opt::InputArgList &args, StringRef toolDir) {
  if (name != "check" && name != "graph" && name != "init")
    return std::nullopt;
  if (name == "check" && !operands.empty())
    return check(args, toolDir, operands);
  if (name == "init")
    return initServer(operands, args);
  if (operands.size() != 1)
    return fail("'fluxc " + name + "' takes one file");
  bool ok = printProgram(operands[0], args.getAllArgValues(OPT_I), writeDot, args.getLastArgValue(OPT_output, "-"));
  return ok ? EXIT_SUCCESS : EXIT_FAILURE;
}

//===-------------------------------------------------------------------------------------------------------------===//
// The command line
//===-------------------------------------------------------------------------------------------------------------===//

/// Reports options that fluxc does not know, with the nearest that it does.
static bool checkOptions(const llvm::opt::InputArgList &args, unsigned missingIndex, unsigned missingCount) {
  if (missingCount != 0) {
    fail(Twine("'") + args.getArgString(missingIndex) + "' needs a value");
    return false;
  }
  bool ok = true;
  for (const llvm::opt::Arg *arg : args.filtered(OPT_UNKNOWN)) {
    std::string nearest, spelling = arg->getAsString(args);
    bool near = fluxcOptions().findNearest(spelling, nearest) <= 2;
    fail("unknown option '" + spelling + "'" + (near ? "; did you mean '" + nearest + "'?" : ""));
    ok = false;
  }
  return ok;
}

/// Does what the command line asks for.
static int run(int argc, char **argv) {
  unsigned missingIndex, missingCount;
  llvm::ArrayRef<const char *> arguments(argv + 1, argv + argc);
  llvm::opt::InputArgList args = fluxcOptions().ParseArgs(arguments, missingIndex, missingCount);
  if (!checkOptions(args, missingIndex, missingCount))
    return EXIT_FAILURE;
  if (args.hasArg(OPT_help) || argc == 1) {
    printHelp();
    return argc == 1 ? EXIT_FAILURE : EXIT_SUCCESS;
  }
  if (args.hasArg(OPT_version)) {
    llvm::outs() << "fluxc " FLUX_VERSION "\n";
    return EXIT_SUCCESS;
  }
  std::vector<std::string> inputs = args.getAllArgValues(OPT_INPUT);
  std::string self = llvm::sys::fs::getMainExecutable(argv[0], reinterpret_cast<void *>(&runFluxc));
  StringRef toolDir = path::parent_path(self);
  if (!inputs.empty())
    if (std::optional<int> status = runSubcommand(inputs.front(), llvm::ArrayRef(inputs).drop_front(), args, toolDir))
      return *status;
  return build(args, toolDir);
}

int flux::runFluxc(int argc, char **argv) {
  llvm::InitLLVM init(argc, argv);
  int status = run(argc, argv);
  std::string error = flushStandardOutput();
  return error.empty() ? status : fail(error);
}
