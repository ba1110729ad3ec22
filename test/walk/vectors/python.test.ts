import { fuzzExtractor } from "../../support/fuzz.ts";
import { python } from "../../support/scorings/python.ts";
import { scoreVectors } from "../../support/vectors.ts";

scoreVectors(python);

fuzzExtractor("python/pdm-lock", "scalibr", "language/python/pdmlock");
fuzzExtractor("python/pipfile-lock", "scalibr", "language/python/pipfilelock");
fuzzExtractor("python/poetry-lock", "scalibr", "language/python/poetrylock");
fuzzExtractor("python/poetry-lock", "syft", "python");
fuzzExtractor("python/pylock", "trivy", "python/pylock");
fuzzExtractor("python/pyproject", "scalibr", "language/python/pyprojecttoml");
fuzzExtractor("python/requirements", "scalibr", "language/python/requirements");
fuzzExtractor("python/setup-py", "scalibr", "language/python/setup");
fuzzExtractor("python/setup-cfg", "scalibr", "language/python/setup");
fuzzExtractor("python/pipfile", "scalibr", "language/python/pyprojecttoml");
fuzzExtractor("python/uv-lock", "trivy", "python/uv");
fuzzExtractor("python/installed", "trivy", "python/packaging");
fuzzExtractor("python/installed", "scalibr", "language/python/wheelegg");
fuzzExtractor("python/egg-info", "trivy", "python/packaging");
fuzzExtractor("conda/environment", "trivy", "conda/environment");
fuzzExtractor("conda/meta", "trivy", "conda/meta");
