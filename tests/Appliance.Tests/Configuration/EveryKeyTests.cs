using System.Text.Json;
using Appliance.Hosting;
using Appliance.Hosting.Configuration;
using Appliance.Tests.Commands;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging;

namespace Appliance.Tests.Configuration;

/// <summary>A key without a rule, or one that is used before it is checked, fails here: give it a rule.</summary>
[Trait("Category", "Slow")]
public sealed class EveryKeyTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<Role> Roles => [.. Enum.GetValues<Role>()];

    [Theory]
    [MemberData(nameof(Roles))]
    public void Value_of_the_wrong_kind_under_every_key_is_told_at_once(Role role)
    {
        var settings = Setting.All(RoleHost.Sections);
        var file = Write(settings.Select(setting => setting.OfTheWrongKind));

        var error = Assert.Throws<ConfigurationFaultException>(() => RoleHost.Build(role, sources => sources.UseOnly(file), _ => { }, LogLevel.None));

        Assert.Equal("", Unnamed(settings, error.Faults));
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void Value_out_of_bounds_under_every_key_is_told_at_once(Role role)
    {
        var settings = Setting.All(RoleHost.Sections).Where(setting => setting.HasBounds).ToArray();
        var file = Write(settings.Select(setting => setting.OutOfBounds));

        var error = Assert.Throws<ConfigurationFaultException>(() => RoleHost.Build(role, sources => sources.UseOnly(file), _ => { }, LogLevel.None));

        Assert.Equal("", Unnamed(settings, error.Faults));
    }

    [Theory]
    [MemberData(nameof(Roles))]
    public void State_folder_that_cannot_be_made_is_told_by_name(Role role)
    {
        var file = Write([new("Node:StateDirectory", "/proc/none")]);

        var error = Assert.Throws<ConfigurationFaultException>(() => RoleHost.Build(role, sources => sources.UseOnly(file), _ => { }, LogLevel.None));

        Assert.StartsWith("Node:StateDirectory is '/proc/none': ", Assert.Single(error.Faults), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Program_ends_with_exit_code_1_and_one_line_a_fault()
    {
        var settings = Setting.All(RoleHost.Sections);
        var file = Write(settings.Select(setting => setting.OfTheWrongKind));

        var run = await ApplianceProgram.RunAsync("run", "--config", file);

        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Output);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        Assert.Equal("", Unnamed(settings, run.Error.Split('\n')));
    }

    public void Dispose() => _folder.Dispose();

    private static string Unnamed(IEnumerable<Setting> settings, IReadOnlyList<string> faults)
        => string.Join(", ", settings.Select(setting => setting.Path).Where(path => !Names(faults, path)));

    // Rules over a whole list or dictionary tell of it by its own name.
    private static bool Names(IReadOnlyList<string> faults, string path)
        => faults.Any(fault => fault.StartsWith($"{path} is ", StringComparison.Ordinal)
            || (path.EndsWith(":0", StringComparison.Ordinal) && fault.StartsWith($"{path[..^2]}: ", StringComparison.Ordinal)));

    private string Write(IEnumerable<KeyValuePair<string, string?>> values)
    {
        var file = _folder.File("appliance.json");
        File.WriteAllText(file, JsonSerializer.Serialize(values.ToDictionary()));
        return file;
    }
}
