"""A format of lit's that runs a test on every execution model.

A file whose RUN lines say `%model` is as many tests as there are models, called FILE@MODEL, each with directories and
files of its own; what else it says is lit's. The model's traits (runtime/include/flux/rt/models.def) are features, so

    RUN: %run %t %if Processes %{50%} %else %{1000%}

gives a model of several processes other arguments. A line

    SKIP-MODEL: Processes: its state is one process's

leaves out the models of which the expression is true, and says why: the reason is printed with the skipped test.
Expressions are those of REQUIRES, over traits and names of models. A file without `%model` is one test, as ever.

The suite's configuration may restrict the models to some: lit --param models=pool,sped runs those, and
--param models=Loops those that have the trait.
"""

import copy
import re

import lit.formats
import lit.Test
from lit.BooleanExpression import BooleanExpression

import models

RUNS_ON_MODELS = re.compile(r"RUN:.*%model\b")
SKIP = re.compile(r"SKIP-MODEL:(.*)")


class ModelTest(lit.Test.Test):
    """A file on one model."""

    def __init__(self, suite, path_in_suite, config, source_path, skips):
        super().__init__(suite, path_in_suite, config, file_path=source_path)
        self.skips = skips  # why this model is left out

    def getSourcePath(self):
        return self.file_path

    # What reports give as the reason of a test that was not run.
    def getMissingRequiredFeatures(self):
        return self.skips or super().getMissingRequiredFeatures()


class ModelTests(lit.formats.ShTest):
    """`selected` names models or traits, with commas between them; those of `path` that it names are run, or all."""

    def __init__(self, selected=None, path=models.LIST, **options):
        super().__init__(**options)
        self.traits = models.traits(path)
        known = models.models(path)
        self.names = {model.name for model in known}
        self.models = known
        if selected:
            words = selected.split(",")
            self.checkNames(words, "--param models")
            self.models = [model for model in known if model.traits.union([model.name]).intersection(words)]
        self.configs = {}

    def checkNames(self, words, where):
        unknown = [word for word in words if word not in self.traits and word not in self.names]
        if unknown:
            raise ValueError(f"{where}: '{unknown[0]}' is no model and no trait of one")

    def getTestsForPath(self, testSuite, path_in_suite, litConfig, localConfig):
        for test in super().getTestsForPath(testSuite, path_in_suite, litConfig, localConfig):
            source = test.getSourcePath()
            with open(source, encoding="utf-8") as file:
                text = file.read()
            if not RUNS_ON_MODELS.search(text):
                yield test
                continue
            skips = [self.parseSkip(line, source) for line in SKIP.findall(text)]
            for model in self.models:
                has = model.traits.union([model.name])
                reasons = [f"!({rule}), since {why}" for rule, why in skips if BooleanExpression.evaluate(rule, has)]
                name = (*path_in_suite[:-1], f"{path_in_suite[-1]}@{model.name}")
                yield ModelTest(testSuite, name, self.configFor(model, localConfig), source, reasons)

    def parseSkip(self, line, source):
        rule, colon, reason = (part.strip() for part in line.partition(":"))
        if not colon or not reason:
            raise ValueError(f"{source}: SKIP-MODEL takes an expression, a colon and a reason, not '{line.strip()}'")
        self.checkNames(re.findall(r"\w+", rule), source)
        return rule, reason

    def configFor(self, model, localConfig):
        """The configuration with what the model adds to it: one for all tests."""
        key = id(localConfig), model.name
        if key not in self.configs:
            config = copy.copy(localConfig)
            config.substitutions = [("%model", model.name), *localConfig.substitutions]
            config.available_features = localConfig.available_features.union(model.traits)
            self.configs[key] = config
        return self.configs[key]

    def execute(self, test, litConfig):
        if isinstance(test, ModelTest) and test.skips:
            return lit.Test.Result(lit.Test.UNSUPPORTED, "\n".join(test.skips))
        return super().execute(test, litConfig)
