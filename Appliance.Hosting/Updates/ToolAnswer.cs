namespace Appliance.Hosting.Updates;

/// <summary>How a program ended and what it said.</summary>
internal sealed record ToolAnswer(int ExitCode, string Output, string Errors);
