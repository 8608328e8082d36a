@echo off
@rem Runs the Maven that .mvn\wrapper\maven-wrapper.properties names: downloads it once, checks it, keeps it under
@rem %USERPROFILE%\.m2\wrapper\dists. Where the archive cannot be reached an installed Maven does as well.
setlocal
set "PROJECT=%~dp0"
for /f "usebackq tokens=1,* delims==" %%a in ("%PROJECT%.mvn\wrapper\maven-wrapper.properties") do (
  if "%%a"=="distributionUrl" set "URL=%%b"
  if "%%a"=="distributionSha256Sum" set "CHECKSUM=%%b"
)
if defined MVNW_DISTRIBUTION_URL set "URL=%MVNW_DISTRIBUTION_URL%"
if not defined MAVEN_USER_HOME set "MAVEN_USER_HOME=%USERPROFILE%\.m2"
set "DIST=%MAVEN_USER_HOME%\wrapper\dists\%CHECKSUM%"
if exist "%DIST%\bin\mvn.cmd" goto run

powershell -NoProfile -Command "$ErrorActionPreference='Stop'; [Net.ServicePointManager]::SecurityProtocol='Tls12'; $work=New-Item -ItemType Directory (Join-Path $env:TEMP ([guid]::NewGuid())); try { $zip=Join-Path $work 'maven.zip'; try { Invoke-WebRequest -UseBasicParsing -Uri $env:URL -OutFile $zip } catch { exit 3 }; $sum=(Get-FileHash $zip -Algorithm SHA256).Hash; if ($sum -ne $env:CHECKSUM) { Write-Host ('mvnw: the download from ' + $env:URL + ' is not the expected Maven: its SHA-256 is ' + $sum); exit 4 }; Expand-Archive $zip $work; New-Item -ItemType Directory -Force (Split-Path $env:DIST) | Out-Null; Move-Item (Get-ChildItem $work -Directory)[0].FullName $env:DIST } finally { Remove-Item -Recurse -Force $work }"
if errorlevel 4 exit /b 1
if exist "%DIST%\bin\mvn.cmd" goto run

where mvn >nul 2>nul
if errorlevel 1 (
  echo mvnw: cannot download Maven from %URL%, and no Maven is installed 1>&2
  exit /b 1
)
echo mvnw: cannot reach %URL%, using the installed Maven 1>&2
mvn %*
exit /b %errorlevel%

:run
call "%DIST%\bin\mvn.cmd" %*
exit /b %errorlevel%
