using System.Text.Json;
using Appliance.Hosting.Configuration;

namespace Appliance.Hosting.Updates;

/// <summary>Keeps the last activation over the reboot that it is about.</summary>
internal sealed class ActivationFile(UpdateSpool spool)
{
    private readonly string _path = Path.Combine(spool.Folder, "activation.json");

    public Activation? Read()
    {
        try
        {
            return File.Exists(_path) ? JsonSerializer.Deserialize(File.ReadAllBytes(_path), UpdateJson.Default.Activation) : null;
        }
        catch (JsonException)
        {
            // It only explains; a role does not stay down for it.
            return null;
        }
    }

    public void Write(Activation activation)
    {
        PrivateFiles.CreateFolder(spool.Folder);
        DurableFile.Replace(_path, JsonSerializer.SerializeToUtf8Bytes(activation, UpdateJson.Default.Activation));
    }

    public void Clear() => File.Delete(_path);
}
