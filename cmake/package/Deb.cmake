# A Debian package, by CPack: `cpack` in the build directory. utils/check-package makes one and tries it.
set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME flux)
set(CPACK_PACKAGE_CONTACT "The Flux maintainers <maintainers@flux.invalid>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS
  OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

# All but the licence, for which Debian has a form of its own.
set(documents "${PROJECT_BINARY_DIR}/debian")
install(FILES "${documents}/copyright" "${documents}/changelog" DESTINATION share/doc/flux COMPONENT debian EXCLUDE_FROM_ALL)
set(CPACK_INSTALL_CMAKE_PROJECTS
  "${PROJECT_BINARY_DIR};flux;Unspecified;/" "${PROJECT_BINARY_DIR};flux;debian;/")
file(READ "${PROJECT_SOURCE_DIR}/LICENSE" exception)
string(FIND "${exception}" "---- LLVM Exceptions" begin)
string(SUBSTRING "${exception}" ${begin} -1 exception)
string(STRIP "${exception}" exception)
string(REGEX REPLACE "\n[ \t]*\n" "\n.\n" exception "${exception}")
string(REPLACE "\n" "\n " exception "${exception}")
configure_file(copyright.in "${documents}/copyright" @ONLY)
configure_file(changelog.in "${documents}/changelog" @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_SOURCE_DIR}/debianize.cmake")
set(CPACK_FLUX_LLVM_VERSION ${LLVM_VERSION_MAJOR})
set(CPACK_FLUX_MULTIARCH "${CMAKE_LIBRARY_ARCHITECTURE}")

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "compiler and runtime for concurrent servers
Flux makes servers out of C and C++ functions and of a program that says how
requests flow through them. The compiler proves that flows cannot wait for each
other in a circle through the program's constraints, and the execution model,
threads, processes or event loops, is chosen when the server is linked.")

# Stated here and not found by dpkg-shlibdeps: beside libMLIR it finds a link to libLLVM, of a package that does not say what it
# shares, and gives up, after long looks at what LLVM exports. utils/check-package holds this against what it says when it is told.
set(llvm ${LLVM_VERSION_MAJOR})
set(since "1:${LLVM_PACKAGE_VERSION}")
set(CPACK_DEBIAN_PACKAGE_DEPENDS
  "libc6 (>= 2.35)" "libgcc-s1 (>= 3.0)" "libstdc++6 (>= 11)"
  "libclang-cpp${llvm} (>= ${since})" "libllvm${llvm} (>= ${since})" "libmlir-${llvm} (>= ${since})"
  # Clang's own headers, for the headers that programs include; what builds servers; what checks certificates.
  "libclang-common-${llvm}-dev" "clang-${llvm} | c-compiler" "libc6-dev" "python3:any")
list(JOIN CPACK_DEBIAN_PACKAGE_DEPENDS ", " CPACK_DEBIAN_PACKAGE_DEPENDS)
# Only clang makes nodes part of the flows, and by no other compiler do C++ nodes come without a further package.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "clang-${llvm}")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "clangd-${llvm}, cmake, gdb, graphviz, libssl-dev, pkg-config, spin")
include(CPack)
