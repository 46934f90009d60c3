# What the runtime and the libraries beside it are built with for sanitizers: FLUX_SANITIZER_FLAGS for a build that has one, and
# what their archives are called that a plain build makes as well.
set(FLUX_SANITIZED_RUNTIMES address thread CACHE STRING "Sanitizers with archives of their own beside the plain ones")

if(FLUX_SANITIZER STREQUAL "address")
  set(FLUX_SANITIZER_FLAGS -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
elseif(FLUX_SANITIZER STREQUAL "thread")
  set(FLUX_SANITIZER_FLAGS -fsanitize=thread -fno-omit-frame-pointer)
elseif(FLUX_SANITIZER)
  message(FATAL_ERROR "FLUX_SANITIZER is '${FLUX_SANITIZER}'; expected address, thread or nothing")
endif()

# Part of an archive's name: a server that is built with one of these sanitizers needs a runtime that is, too, or it would see
# accesses and not what orders them. fluxc chooses by the same names.
set(flux_suffix_address -asan)
set(flux_suffix_thread -tsan)
