using System.CommandLine;
using System.CommandLine.Parsing;
using Appliance.Bmc.Simulation;

namespace Appliance.Commands;

/// <summary>How the modules of a simulated board boot: told on the console alone, or in virtual machines.</summary>
internal sealed class QemuBootOptions
{
    private const string Text = "text";
    private const string Qemu = "qemu";

    private readonly Option<string> _boot = new("--boot") { Description = "What a module does with what is written to it: tell it on its console (text), or boot it in a virtual machine (qemu)", HelpName = "text|qemu", DefaultValueFactory = _ => Text };
    private readonly Option<DirectoryInfo> _folder = new("--qemu-folder") { Description = "Folder of the modules' flash, which is kept", HelpName = "DIR", DefaultValueFactory = _ => new DirectoryInfo(".state/board") };
    private readonly Option<string> _firmware = new("--qemu-firmware") { Description = "U-Boot for qemu's arm64 machine; by default that of Debian's u-boot-qemu", HelpName = "FILE" };
    private readonly Option<int> _memory = new("--qemu-memory") { Description = "MiB of memory of a module", HelpName = "MIB", DefaultValueFactory = _ => 1024 };
    private readonly Option<string[]> _forwards = new("--qemu-forward") { Description = "Port of this machine's loopback that leads to one of a module; may be given several times", HelpName = "SLOT:PORT:MODULEPORT", DefaultValueFactory = _ => [] };
    private readonly Option<string[]> _arguments = new("--qemu-argument") { Description = "A further argument of every module's qemu; may be given several times", HelpName = "ARGUMENT", DefaultValueFactory = _ => [] };

    public QemuBootOptions()
    {
        _boot.AcceptOnlyFromAmong(Text, Qemu);
        _forwards.Validators.Add(RefuseWrong);
        _memory.Validators.Add(memory =>
        {
            if (memory.GetValueOrDefault<int>() is < 128 or > 65536)
            {
                memory.AddError("--qemu-memory takes 128 to 65536 MiB.");
            }
        });
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_boot, _folder, _firmware, _memory, _forwards, _arguments])
        {
            command.Options.Add(option);
        }
    }

    /// <summary>Null where modules boot nothing.</summary>
    public QemuBoot? Read(ParseResult parsed)
    {
        if (parsed.GetRequiredValue(_boot) != Qemu)
        {
            return null;
        }

        var boot = new QemuBoot
        {
            Folder = parsed.GetRequiredValue(_folder).FullName,
            MemoryMiB = parsed.GetRequiredValue(_memory),
            Forwards = [.. parsed.GetRequiredValue(_forwards).Select(text => QemuForward.Parse(text)!)],
            Arguments = parsed.GetRequiredValue(_arguments),
        };
        return parsed.GetValue(_firmware) is { } firmware ? boot with { Firmware = firmware } : boot;
    }

    private static void RefuseWrong(OptionResult result)
    {
        foreach (var text in result.Tokens.Select(token => token.Value).Where(text => QemuForward.Parse(text) is null))
        {
            result.AddError($"\"{text}\" is no forwarded port; write for example 1:17443:7443.");
        }
    }
}
