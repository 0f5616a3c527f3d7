# SPDX-License-Identifier: Apache-2.0
# Builds the page at /docs in WORK from SOURCE and writes it as C arrays to OUT. Without Node.js, npm
# or a way to the packages there is a page that says how it is built; MARK then tells the next
# configuration to try again.
set(why "")

# try(NAME COMMAND…): runs it unless something went wrong before.
function(try name)
  if(why STREQUAL "")
    execute_process(COMMAND ${ARGN} WORKING_DIRECTORY "${WORK}" RESULT_VARIABLE result
                    OUTPUT_VARIABLE said ERROR_VARIABLE said TIMEOUT 300)
    if(NOT result EQUAL 0)
      set(why "${name} failed" PARENT_SCOPE)
      message(STATUS "${said}")
    endif()
  endif()
endfunction()

file(MAKE_DIRECTORY "${WORK}")
foreach(file IN ITEMS package.json package-lock.json .npmrc tsconfig.json build.mjs src)
  file(COPY "${SOURCE}/${file}" DESTINATION "${WORK}")
endforeach()
if(NOT NODE OR NOT NPM)
  set(why "Node.js or npm is missing")
endif()
file(SHA256 "${SOURCE}/package-lock.json" wanted)
set(installed "")
if(EXISTS "${WORK}/installed")
  file(READ "${WORK}/installed" installed)
endif()
if(NOT installed STREQUAL wanted)
  try("npm ci" "${NPM}" ci --loglevel=error)
  if(why STREQUAL "")
    file(WRITE "${WORK}/installed" "${wanted}")
  endif()
endif()
try("the build of the page" "${NODE}" build.mjs "${OUT}")

if(why STREQUAL "")
  file(REMOVE "${MARK}")
  return()
endif()
message(WARNING "The page at /docs is left out: ${why}. Everything else works; with the packages "
                "nodejs and npm, and a way to their packages, the next build has it.")
file(WRITE "${MARK}" "${why}\n")
file(WRITE "${OUT}" "/* generated without api/web: ${why} */\n#include \"api/docs.h\"\n"
  "const struct docs_file docs_files[] = {{NULL, NULL, NULL, 0, 0}};\n"
  "const size_t docs_file_count = 0;\n")
