@echo off
rem Runs the command line; builds it on first use.
setlocal
set "here=%~dp0"
set "jar="
for %%f in ("%here%target\Sumi_-*-all.jar") do set "jar=%%f"
if not defined jar (
    echo Building Sumi ^(once^)... 1>&2
    pushd "%here%"
    call mvnw.cmd -q -B -ntp -DskipTests package 1>&2
    popd
    for %%f in ("%here%target\Sumi_-*-all.jar") do set "jar=%%f"
)
java -jar "%jar%" %*
