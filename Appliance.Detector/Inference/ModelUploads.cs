using System.Security.Cryptography;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;

namespace Appliance.Detector.Inference;

/// <summary>Holds the one upload that may run, so that uploads together never hold more than one file of memory.</summary>
internal sealed class ModelUploads(ModelLibrary library)
{
    private int _running;

    /// <param name="sizeBytes">What the header says; 0 says nothing.</param>
    public ModelUpload Begin(ulong sizeBytes)
    {
        if (sizeBytes > OnnxReader.LargestFile)
        {
            throw ModelUpload.TooLarge(sizeBytes);
        }

        return Interlocked.CompareExchange(ref _running, 1, 0) == 0
            ? new ModelUpload(this, sizeBytes)
            : throw new BusyException("UPLOAD_IN_PROGRESS", "Another model is being uploaded; wait for it to end, then try again.");
    }

    public StoredModel Keep(ReadOnlySpan<byte> file, ReadOnlySpan<byte> digest)
    {
        var seen = SHA256.HashData(file);
        return digest.SequenceEqual(seen)
            ? library.Add(file)
            : throw new InvalidInputException("sha256", $"is {Convert.ToHexStringLower(digest)}, the {file.Length} bytes that came have {Convert.ToHexStringLower(seen)}; nothing was kept: send the file again");
    }

    public void End() => Volatile.Write(ref _running, 0);
}
