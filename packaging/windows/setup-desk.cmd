@echo off
rem Sets up the personal desk for the user who double-clicks this file, without administrator, and opens it.
rem Puts everything into %LOCALAPPDATA%\juesuan; run it again to update. The wheel may lie beside this file.
chcp 65001 >nul
setlocal
set "HOME_DIR=%LOCALAPPDATA%\juesuan"
set "PYTHON="
for %%V in (3.13 3.12 3.11) do if not defined PYTHON (
  py -%%V -c "import sys" >nul 2>nul && set "PYTHON=py -%%V"
)
if not defined PYTHON (
  python -c "import sys; sys.exit(sys.version_info < (3, 11))" >nul 2>nul && set "PYTHON=python"
)
if not defined PYTHON (
  echo 没有找到 Python 3.11 或更新的版本。请先从 Microsoft Store 或单位的软件中心安装 Python，再双击本文件。
  pause
  exit /b 2
)
if not exist "%HOME_DIR%\venv\Scripts\python.exe" (
  echo 正在准备，约需几分钟……
  %PYTHON% -m venv "%HOME_DIR%\venv"
  if errorlevel 1 goto failed
)
set "WHAT=juesuan[web,ocr]"
for %%F in ("%~dp0juesuan-*.whl") do set "WHAT=%%~fF[web,ocr]"
"%HOME_DIR%\venv\Scripts\python.exe" -m pip install --disable-pip-version-check --upgrade "%WHAT%"
if errorlevel 1 goto failed
"%HOME_DIR%\venv\Scripts\juesuan.exe" desk --shortcut
if errorlevel 1 goto failed
"%HOME_DIR%\venv\Scripts\juesuan.exe" desk
if errorlevel 1 goto failed
exit /b 0
:failed
echo.
echo 没有完成，原因见上面几行。不能上网的电脑：请把 juesuan 的 .whl 文件和它需要的各个 .whl 放进同一个文件夹，
echo 并设置环境变量 PIP_NO_INDEX=1、PIP_FIND_LINKS 为该文件夹，再双击本文件。
pause
exit /b 1
