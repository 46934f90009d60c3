//===- FluxcOptions.cpp - The command line of fluxc ---------------------------------------------------------------===//

#include "FluxcOptions.h"

using namespace flux;
using namespace llvm::opt;

namespace {

#define OPTTABLE_STR_TABLE_CODE
#include "FluxcOptions.inc"
#undef OPTTABLE_STR_TABLE_CODE

#define OPTTABLE_PREFIXES_TABLE_CODE
#include "FluxcOptions.inc"
#undef OPTTABLE_PREFIXES_TABLE_CODE

constexpr OptTable::Info infoTable[] = {
#define OPTION(...) LLVM_CONSTRUCT_OPT_INFO(__VA_ARGS__),
#include "FluxcOptions.inc"
#undef OPTION
};

class Table : public GenericOptTable {
public:
  Table() : GenericOptTable(OptionStrTable, OptionPrefixesTable, infoTable) {}
};

} // namespace

const OptTable &flux::fluxcOptions() {
  static const Table table;
  return table;
}
