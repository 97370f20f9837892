using System.Runtime.Versioning;
using System.Security.Cryptography;
using Appliance.Detector.Models;
using Appliance.Hosting.Errors;
using Appliance.Tests.Shared;
using Microsoft.Extensions.Logging.Abstractions;

namespace Appliance.Detector.Tests.Models;

[SupportedOSPlatform("linux")]
[Trait("Category", "Slow")]
public sealed class ModelLibraryTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private string Folder => _folder.File("models");

    [Fact]
    public void A_model_is_kept_under_its_digest_and_numbered()
    {
        var file = FileOf(1);

        var model = Open().Add(file);

        Assert.Equal((Convert.ToHexStringLower(SHA256.HashData(file)), 1L, (long)file.Length), (model.Id, model.Number, model.SizeBytes));
        Assert.Equal(file, File.ReadAllBytes(PathOf(model)));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(PathOf(model)));
    }

    [Fact]
    public void The_same_model_again_stays_as_it_is()
    {
        var library = Open();
        var first = library.Add(FileOf(1));
        library.Add(FileOf(2));

        var again = library.Add(FileOf(1));

        Assert.Same(first, again);
        Assert.Equal([2L, 1L], library.List().Select(model => model.Number));
    }

    [Fact]
    public void Models_numbers_and_the_choice_outlive_a_restart()
    {
        var library = Open();
        var (first, second) = (library.Add(FileOf(1)), library.Add(FileOf(2)));
        library.Choose(first);

        var reopened = Open();

        Assert.Equal(first.Id, reopened.Active?.Id);
        Assert.Equal([(second.Id, 2L), (first.Id, 1L)], reopened.List().Select(model => (model.Id, model.Number)));
        Assert.Equal(FileOf(2), reopened.Read(reopened.Find(second.Id)));
    }

    [Fact]
    public void The_shipped_model_is_active_until_another_is_chosen_and_can_be_chosen_again()
    {
        var library = Open(FileOf(9));
        var shipped = library.Active;
        var own = library.Add(FileOf(1));

        library.Choose(own);
        var chosen = Open(FileOf(9)).Active;
        library.Choose(shipped!);
        var again = Open(FileOf(9)).Active;

        Assert.Equal((0L, own.Id, shipped!.Id), (shipped.Number, chosen?.Id, again?.Id));
        Assert.Equal([1L, 0L], library.List().Select(model => model.Number));
        Assert.Same(shipped, library.Add(FileOf(9)));
        Assert.Equal(FileOf(9), library.Read(shipped));
    }

    [Fact]
    public void A_new_program_brings_its_own_model_to_those_who_chose_none()
    {
        Open(FileOf(8)).Add(FileOf(1));

        var active = Open(FileOf(9)).Active;

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(FileOf(9))), active?.Id);
    }

    [Fact]
    public void A_file_that_was_damaged_is_left_out_and_mended_by_another_upload()
    {
        var library = Open();
        var model = library.Add(FileOf(1));
        library.Choose(model);
        Damage(PathOf(model));

        var error = Assert.Throws<BusyException>(() => library.Read(model));
        var reopened = Open();
        var (missing, mended) = (reopened.Active, reopened.Add(FileOf(1)));

        Assert.Contains(model.Id, error.Message, StringComparison.Ordinal);
        Assert.Null(missing);
        Assert.Equal((1L, model.Id), (mended.Number, reopened.Active?.Id));
        Assert.Equal(FileOf(1), reopened.Read(mended));
    }

    [Fact]
    public void A_damaged_index_loses_the_choice_and_no_model()
    {
        var library = Open(FileOf(9));
        library.Choose(library.Add(FileOf(1)));
        File.WriteAllText(Path.Combine(Folder, "index.json"), "{\"active_id\":");

        var reopened = Open(FileOf(9));

        Assert.Equal([1L, 0L], reopened.List().Select(model => model.Number));
        Assert.Equal(0, reopened.Active?.Number);
    }

    [Fact]
    public void What_a_kill_left_half_written_is_no_model()
    {
        var library = Open();
        var model = library.Add(FileOf(1));
        File.WriteAllBytes(Path.Combine(Folder, new string('a', 64) + ".onnx.part"), FileOf(2)[..100]);
        File.WriteAllBytes(Path.Combine(Folder, new string('b', 64) + ".onnx"), FileOf(2)[..100]);

        var reopened = Open();

        Assert.Equal(model.Id, reopened.List().Single().Id);
    }

    [Fact]
    public void A_model_whose_file_came_before_its_number_gets_one()
    {
        var library = Open();
        library.Add(FileOf(1));
        File.WriteAllBytes(Path.Combine(Folder, Convert.ToHexStringLower(SHA256.HashData(FileOf(2))) + ".onnx"), FileOf(2));

        var reopened = Open();
        var third = reopened.Add(FileOf(3));

        Assert.Equal([3L, 2L, 1L], reopened.List().Select(model => model.Number));
        Assert.Equal(3, third.Number);
    }

    [Fact]
    public void The_oldest_go_but_never_the_active_one_nor_the_one_before_it()
    {
        var library = Open();
        var models = Enumerable.Range(1, 3).Select(seed => library.Add(FileOf(seed))).ToList();
        library.Choose(models[0]);
        library.Choose(models[1]);

        for (var seed = 4; seed <= ModelLibrary.RetainedModels + 3; seed++)
        {
            library.Add(FileOf(seed));
        }

        Assert.Equal([2L, 1L], library.List().TakeLast(2).Select(model => model.Number));
        Assert.Throws<NotFoundException>(() => library.Find(models[2].Id));
        Assert.False(File.Exists(PathOf(models[2])));
        Assert.Equal(ModelLibrary.RetainedModels + 2, Open().List().Count);
    }

    [Fact]
    public void A_file_that_is_no_model_leaves_nothing_behind()
    {
        var library = Open();

        Assert.Throws<InvalidInputException>(() => library.Add(FileOf(1).AsSpan(0, 2000)));

        Assert.Empty(library.List());
        Assert.Empty(Directory.EnumerateFiles(Folder));
    }

    [Fact]
    public void A_folder_that_takes_no_files_is_told()
    {
        var library = Open();
        Directory.Delete(Folder);

        var error = Assert.Throws<LimitExceededException>(() => library.Add(FileOf(1)));

        Assert.Contains(Folder, error.Message, StringComparison.Ordinal);
        Assert.Empty(library.List());
    }

    public void Dispose() => _folder.Dispose();

    private static byte[] FileOf(int seed) => OnnxWriter.Write(SmallModel.Create(seed));

    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(path, bytes);
    }

    private ModelLibrary Open(byte[]? shipped = null) => new(Folder, shipped, NullLogger<ModelLibrary>.Instance);

    private string PathOf(StoredModel model) => Path.Combine(Folder, model.Id + ".onnx");
}
