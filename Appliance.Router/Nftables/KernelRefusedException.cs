using System.Globalization;

namespace Appliance.Router.Nftables;

/// <summary>The kernel refused a batch; nothing of it is in force.</summary>
internal sealed class KernelRefusedException(KernelFault fault, Acknowledgement answer, string what)
    : Exception(Compose(fault, answer, what))
{
    public KernelFault Fault { get; } = fault;

    public int Error { get; } = answer.Error;

    private static string Compose(KernelFault fault, Acknowledgement answer, string what)
    {
        var words = answer.Text.Length == 0 ? KernelFaultName.Describe(fault) : answer.Text;
        return string.Create(CultureInfo.InvariantCulture, $"{what} failed: {words} ({fault}, error {answer.Error}).");
    }
}
