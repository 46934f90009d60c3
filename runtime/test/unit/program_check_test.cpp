/// program_check_test.cpp - objects that do not fit are refused with the reason.
#include "core/server/program_check.h"
#include "support.h"

#include <gtest/gtest.h>

using namespace flux_test;

namespace {

std::string refusal(const flux_ir_program_t &program, const flux::Model &model = flux::threadModel) {
  char reason[1024] = "";
  return flux::checkProgram(program, model, reason, sizeof reason) ? "" : reason;
}

TEST(ProgramCheckTest, AcceptsWhatFits) { EXPECT_EQ(refusal(testProgram), ""); }

TEST(ProgramCheckTest, RefusesAnotherVersion) {
  flux_ir_program_t program = testProgram;
  program.abi_version = 77;
  // Nothing behind the version may be looked at.
  program.name = nullptr;
  EXPECT_EQ(refusal(program),
            "the object was compiled for ABI version 77 of the runtime, but this runtime has version " +
                std::to_string(FLUX_IR_ABI_VERSION) + "; recompile it with the fluxc that belongs to this runtime");
}

TEST(ProgramCheckTest, RefusesAnotherSize) {
  flux_ir_program_t program = testProgram;
  program.size = 64;
  EXPECT_EQ(refusal(program), "the object's program descriptor has 64 bytes, but this runtime expects 112; "
                              "recompile it with the fluxc that belongs to this runtime");
}

// An object specialised for some models says for which, and what would build it for this one.
TEST(ProgramCheckTest, RefusesAnotherModel) {
  flux_ir_program_t program = testProgram;
  program.models = uint64_t(1) << FLUX_IR_MODEL_thread;
  EXPECT_EQ(refusal(program), "");
  EXPECT_EQ(refusal(program, flux::poolModel), "the object was specialised for 'thread' and does not serve model "
                                               "'pool'; build it with `fluxc test.flux ... --model=pool`");
  program.models = 0;
  EXPECT_NE(refusal(program).find("specialised for no model of this runtime"), std::string::npos);
}

TEST(ProgramCheckTest, RefusesDamagedDescriptors) {
  const std::string damaged = "the object's program descriptor is damaged; recompile it with fluxc";
  flux_ir_program_t program = testProgram;
  program.locks = nullptr;
  EXPECT_EQ(refusal(program), damaged);
  program = testProgram;
  program.name = nullptr;
  EXPECT_EQ(refusal(program), damaged);
  flux_ir_source source = {
      "S", "F", 4, 3, [](flux_ir_context *, void *, int64_t *) { return 0; }, [](flux_ir_context *, void *) {}};
  program = testProgram;
  program.num_sources = 1;
  program.sources = &source;
  EXPECT_EQ(refusal(program), damaged); // an alignment of 3
  source.input_align = 4;
  EXPECT_EQ(refusal(program), "");
  source.run = nullptr;
  EXPECT_EQ(refusal(program), damaged);
}

} // namespace
