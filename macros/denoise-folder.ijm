// Denoises all TIFF images of a folder and its subfolders into another folder of the same shape.
// What is there already is skipped, so that a batch that was stopped can be started again.
//
// Argument: INPUT,OUTPUT, both folders. Without it, ImageJ asks for them.
// Runs in Fiji, in plain ImageJ 1.54 with Sumi's all-jar, and headless.

setBatchMode(true);
argument = getArgument();
if (argument == "") argument = getDirectory("Images to denoise") + "," + getDirectory("Folder for the results");
paths = split(argument, ",");
if (paths.length != 2) exit("The argument is \"" + argument + "\"; it must be INPUT,OUTPUT.");
if (!File.isDirectory(paths[0])) exit("There is no folder " + paths[0] + ".");
var done = 0;
var skipped = 0;
denoiseFolder(folder(paths[0]), folder(paths[1]));
print(done + " images denoised, " + skipped + " skipped since they were there.");

function folder(path) {
	if (endsWith(path, "/") || endsWith(path, File.separator)) return path;
	return path + "/";
}

function denoiseFolder(input, output) {
	if (!File.exists(output)) File.makeDirectory(output);
	names = getFileList(input);
	for (i = 0; i < names.length; i++) {
		if (File.isDirectory(input + names[i])) {
			// the folder for results may lie inside that of the images
			inner = folder(input + names[i]);
			if (inner != output) denoiseFolder(inner, folder(output + names[i]));
		} else if (matches(names[i], "(?i).*\\.tiff?")) {
			if (File.exists(output + names[i])) skipped++;
			else denoiseFile(input + names[i], output + names[i]);
		}
	}
}

function denoiseFile(input, output) {
	open(input);
	original = getTitle();
	result = replace(original, "(?i)\\.tiff?$", "") + "-denoised";
	if (isOpen(result)) exit("Close " + result + " first, or the new result will have another title.");
	run("DDPM Denoise...", "model=fluorescence noise=auto mode=mean seed=1");
	// by its title: in batch mode Fiji leaves the original the current image
	selectImage(result);
	saveAs("Tiff", output);
	close();
	selectImage(original);
	close();
	done++;
	print(output);
}
