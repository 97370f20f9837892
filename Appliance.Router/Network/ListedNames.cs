namespace Appliance.Router.Network;

/// <summary>Names that feeds list, lower case, each once, and what completes when that may have changed.</summary>
internal delegate (IReadOnlyList<string> Names, Task Changed) ListedNames();
