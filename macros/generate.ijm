// Generates images, each a file of its own, and a montage of all.
//
// Argument: FOLDER,COUNT,STEPS. Without it, ImageJ asks for the folder, and 16 images are made in 50 steps.
// Runs in Fiji, in plain ImageJ 1.54 with Sumi's all-jar, and headless.

setBatchMode(true);
argument = getArgument();
if (argument == "") argument = getDirectory("Folder for the images") + ",16,50";
values = split(argument, ",");
if (values.length != 3) exit("The argument is \"" + argument + "\"; it must be FOLDER,COUNT,STEPS.");
folder = values[0];
if (!endsWith(folder, "/") && !endsWith(folder, File.separator)) folder = folder + "/";
if (!File.exists(folder)) File.makeDirectory(folder);
if (File.exists(folder + "montage.tif")) exit(folder + "montage.tif exists already; choose another folder.");
if (isOpen("nuclei-generated")) exit("Close nuclei-generated first, or the new images will have another title.");

run("DDPM Generate...", "model=nuclei count=" + values[1] + " width=64 height=64 steps=" + values[2] + " seed=1");
selectImage("nuclei-generated");
images = getImageID();
count = nSlices;
columns = Math.ceil(sqrt(count));
rows = Math.ceil(count / columns);
newImage("montage", "32-bit black", columns * 64, rows * 64, 1);
montage = getImageID();
for (i = 0; i < count; i++) {
	selectImage(images);
	setSlice(i + 1);
	run("Select All");
	run("Copy");
	newImage("image", "32-bit black", 64, 64, 1);
	run("Paste");
	run("Select None");
	setMinAndMax(0, 255);
	saveAs("Tiff", folder + "image-" + IJ.pad(i + 1, 4) + ".tif");
	close();
	selectImage(montage);
	makeRectangle((i % columns) * 64, floor(i / columns) * 64, 64, 64);
	run("Paste");
}
selectImage(montage);
run("Select None");
setMinAndMax(0, 255);
saveAs("Tiff", folder + "montage.tif");
close();
selectImage(images);
close();
print(count + " images and a montage in " + folder);
