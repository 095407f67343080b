import { temporaryFolder } from "./folder";

/** One of everything that layers take. */
export const imageProjectFiles = {
  "requirements.txt": "httpx==0.27.0\n",
  "a.txt": "x\n",
  "s.py": '# /// script\n# requires-python = ">=3.12"\n# dependencies = ["httpx", "rich>=13"]\n# ///\nprint(1)\n',
  "proj/pyproject.toml": '[project]\nname = "p"\nversion = "0.1.0"\ndependencies = ["httpx>=0.27"]\n',
  "proj/uv.lock":
    'version = 1\n\n[[package]]\nname = "httpx"\nversion = "0.27.0"\n' +
    'source = { registry = "https://packages.example/simple" }\n\n[[package]]\nname = "p"\nversion = "0.1.0"\n' +
    'source = { editable = "." }\n',
  "proj/poetry.lock": "plock\n",
  "proj/src/pkg/__init__.py": "print(1)\n",
  "dist/flyte-2.0.0-py3-none-any.whl": "a wheel",
};

/** A folder with {@link imageProjectFiles} and more. */
export function imageProject(files: Readonly<Record<string, string | Buffer>> = {}): string {
  return temporaryFolder({ ...imageProjectFiles, ...files });
}
