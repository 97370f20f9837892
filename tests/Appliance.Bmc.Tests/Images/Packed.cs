using System.Diagnostics;
using System.Security.Cryptography;

namespace Appliance.Bmc.Tests.Images;

/// <summary>Bytes for images, and what the tools that people compress them with make of them.</summary>
internal static class Packed
{
    /// <summary>Bytes that no tool can shorten.</summary>
    public static byte[] Noise(int length) => RandomNumberGenerator.GetBytes(length);

    /// <summary>Half noise, half zeros: what a disk image is like.</summary>
    public static byte[] Disk(int length)
    {
        var bytes = new byte[length];
        RandomNumberGenerator.Fill(bytes.AsSpan(0, length / 2));
        return bytes;
    }

    /// <summary>What `TOOL ARGUMENTS` writes when it is given the bytes; skips the test where the tool is missing.</summary>
    public static async Task<byte[]> WithAsync(string tool, string arguments, byte[] bytes)
    {
        using var process = new Process
        {
            StartInfo = new ProcessStartInfo(tool, arguments) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true },
        };
        try
        {
            process.Start();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            Assert.Skip($"{tool} is missing; ./test installs it.");
        }

        using var packed = new MemoryStream();
        var reading = process.StandardOutput.BaseStream.CopyToAsync(packed, TestContext.Current.CancellationToken);
        await process.StandardInput.BaseStream.WriteAsync(bytes, TestContext.Current.CancellationToken);
        process.StandardInput.Close();
        await reading;
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, process.ExitCode);
        return packed.ToArray();
    }
}
