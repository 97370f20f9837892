namespace Appliance.Hosting.Tests.Configuration;

/// <summary>Variables of the process's environment, for the time of a test.</summary>
internal sealed class Variables : IDisposable
{
    private readonly string[] _names;

    public Variables(params (string Name, string Value)[] variables)
    {
        _names = [.. variables.Select(variable => variable.Name)];
        foreach (var (name, value) in variables)
        {
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose()
    {
        foreach (var name in _names)
        {
            Environment.SetEnvironmentVariable(name, null);
        }
    }
}
