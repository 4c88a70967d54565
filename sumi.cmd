@echo off
rem Runs the command line; builds it on first use and when a source is newer than the jar.
setlocal
set "here=%~dp0"
set "jar="
for %%f in ("%here%target\Sumi_-*-all.jar") do set "jar=%%f"
set "build="
if not defined jar set "build=1"
if defined jar (
    powershell -NoProfile -Command "$built = (Get-Item '%jar%').LastWriteTime; if (Get-ChildItem -Recurse -File '%here%pom.xml', '%here%src\main', '%here%models\*\unet', '%here%models\*\*.json' | Where-Object { $_.LastWriteTime -gt $built }) { exit 1 }"
    if errorlevel 1 set "build=1"
)
if defined build (
    echo Building Sumi ^(once^)... 1>&2
    pushd "%here%"
    call mvnw.cmd -q -B -ntp -DskipTests package 1>&2
    if errorlevel 1 exit /b 1
    popd
    for %%f in ("%here%target\Sumi_-*-all.jar") do set "jar=%%f"
)
java -jar "%jar%" %*
exit /b %errorlevel%
